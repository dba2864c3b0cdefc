"""With keys set the product works, and what Temporal stores is read by nobody without them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.client import Client

from api.demo.story import command, until
from schema.ids import attempt_workflow_id
from tests.product.arrange import held
from tests.product.house import House, Say

pytestmark = pytest.mark.asyncio(loop_scope="package")

REASON = "My grandmother is ill"
IN_A_DAY = timedelta(days=1)
# Plain by design: opaque ids and states, without which operators could not search.
PLAIN_FIELD = "indexed_fields"


async def test_histories_hold_no_readable_payload(house: House, say: Say) -> None:
    cast = await house.cast()
    exam_id = await house.exam({"cancel_cut_off": "PT0S", "reminders": []})
    slot_id = await house.slot(exam_id, starts_in=IN_A_DAY)
    attempt_id = await held(cast, exam_id, slot_id)
    await command(cast.student, attempt_id, "confirm")
    cancelled = await command(cast.student, attempt_id, "cancel", {"reason": REASON})
    assert cancelled["phase"] == "cancelled"

    settings = house.product.settings
    stranger = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    attempt = stranger.get_workflow_handle(attempt_workflow_id(UUID(attempt_id)))
    await until(lambda: _is_closed(attempt), "the workflow to close")
    events = (await attempt.fetch_history()).events
    sealed = [payload for event in events for payload in _payloads(event)]
    assert len(sealed) > 10
    assert {payload.metadata["encoding"] for payload in sealed} == {b"binary/encrypted"}
    raw = b"".join(event.SerializeToString() for event in events)
    for word in (REASON, cast.student.person_id, slot_id, "operation_id", "cancel_cut_off"):
        assert word.encode() not in raw, word
    say(f"payloads: {len(sealed)} in {len(events)} events, none readable")


async def _is_closed(handle: Any) -> bool:
    return (await handle.describe()).close_time is not None


def _payloads(message: Message) -> Iterator[Payload]:
    """Every payload below a message, however deep."""
    for field, value in message.ListFields():
        if field.message_type is None or field.name == PLAIN_FIELD:
            continue
        for inner in _messages(value):
            if isinstance(inner, Payload):
                yield inner
            else:
                yield from _payloads(inner)


def _messages(value: Any) -> list[Message]:
    """Of a field that holds one, many, or a map of them."""
    if isinstance(value, Message):
        return [value]
    items = value.values() if hasattr(value, "values") else value
    return [item for item in items if isinstance(item, Message)]
