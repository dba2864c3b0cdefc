"""The codec endpoint: lets an operator's Temporal UI show payloads that are encrypted in the histories.

The UI sends payloads as its remote codec protocol says (https://docs.temporal.io/codec-server): POST `/decode` or
`/encode` with `{"payloads": […]}`. Only admins may read them, signed in at this site; the UI is the one foreign
page that is allowed to ask with their cookies.
"""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Body, Request, Response
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from temporalio.api.common.v1 import Payload

from api.context import Context, ContextOf
from api.security import anyone, require_in_temporal_ui, temporal_ui_hosts
from schema.failures import Failure, FailureType
from schema.role import Role
from workers.connection import data_converter

MOST_PAYLOADS = 1_000

Direction = Literal["decode", "encode"]

router = APIRouter(prefix="/api/codec", tags=["operation"])


@router.options("/{direction}", dependencies=[anyone("a browser's question whether the Temporal UI may ask")])
async def may_ask(direction: Direction, request: Request, context: ContextOf) -> Response:  # noqa: ARG001 - in the path
    """The preflight of the Fetch standard; any other page gets no permission."""
    return Response(status_code=204, headers=_permission(request, context))


@router.post("/{direction}", dependencies=[require_in_temporal_ui(Role.ADMIN)])
async def translate_payloads(
    direction: Direction,
    request: Request,
    response: Response,
    context: ContextOf,
    body: Annotated[dict[str, Any], Body()],
) -> dict[str, Any]:
    """Payloads in clear, or encrypted as the workers would; without a key they come back as they are."""
    payloads = _payloads(body)
    codec = data_converter(context.settings).payload_codec
    if codec is not None:
        payloads = await (codec.decode if direction == "decode" else codec.encode)(payloads)
    response.headers.update(_permission(request, context))
    return {"payloads": [MessageToDict(payload) for payload in payloads]}


def _payloads(body: dict[str, Any]) -> list[Payload]:
    found = body.get("payloads")
    if not isinstance(found, list) or len(found) > MOST_PAYLOADS:
        said = f"send a list of at most {MOST_PAYLOADS} payloads"
        raise Failure(FailureType.INVALID, said, field="/payloads")
    try:
        return [ParseDict(payload, Payload()) for payload in found]
    except (ParseError, AttributeError, TypeError) as error:
        raise Failure(FailureType.INVALID, "this is not a Temporal payload", field="/payloads") from error


def _permission(request: Request, context: Context) -> dict[str, str]:
    origin = request.headers.get("origin", "")
    if urlsplit(origin).netloc not in temporal_ui_hosts(context.settings):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type, x-namespace, authorization",
        "Vary": "Origin",
    }
