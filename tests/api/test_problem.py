"""Problems: failures of every kind, Temporal's and the database's, become documents; accidents tell nothing private."""

import logging

import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy.exc import OperationalError
from temporalio.client import (
    WorkflowContinuedAsNewError,
    WorkflowFailureError,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError, CancelledError, ServerError, TerminatedError
from temporalio.service import RPCError, RPCStatusCode

from activities.adapters.temporal_failure import NotRunning
from api.app import create_app
from api.security import anyone
from api.workflow import translated
from schema.db.session import Databases
from schema.failures import STATUS, Failure, FailureType
from schema.role import Role
from schema.settings import Settings
from tests.api.conftest import PARTS, serving
from tests.api.house import House, MovableClock

PRIVATE = "ada@example.org"


def with_routes(app: FastAPI) -> FastAPI:
    router = APIRouter(dependencies=[anyone("a test")])

    @router.get("/accident")
    async def accident() -> None:
        raise ValueError(f"cannot handle {PRIVATE}")

    @router.get("/database")
    async def database() -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server has gone away"))

    @router.get("/failure/{kind}")
    async def failure(kind: FailureType) -> None:
        raise Failure(kind, "this is what happened", field="/a/b", slot_id="0190")

    app.include_router(router)
    return app


async def test_every_failure_has_its_status(app: FastAPI) -> None:
    async with serving(with_routes(app)) as client:
        for kind in FailureType:
            answer = await client.get(f"/failure/{kind}")
            body = answer.json()
            assert answer.status_code == body["status"] == STATUS[kind]
            assert body["type"] == f"/problems/{kind}"
            assert body["pointer"] == "/a/b"
            assert body["slot_id"] == "0190"
            assert ("retry-after" in answer.headers) is (kind in {"too_many", "unavailable"})


async def test_an_accident_has_a_reference_and_tells_nothing(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="api"):
        async with serving(with_routes(app)) as client:
            answer = await client.get("/accident")
            after = await client.get("/healthz")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["reference"] in caplog.text
    assert "ValueError" in caplog.text
    assert "accident" in caplog.text
    assert PRIVATE not in caplog.text + answer.text
    assert after.status_code == 200


async def test_a_database_that_is_away_is_unavailable(app: FastAPI) -> None:
    async with serving(with_routes(app)) as client:
        answer = await client.get("/database")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert "gone away" not in answer.text


async def test_temporal_away_is_unavailable_and_not_ready(
    settings: Settings, databases: Databases, clock: MovableClock
) -> None:
    away = settings.model_copy(update={"temporal_address": "127.0.0.1:9"})
    app = create_app(away, PARTS, databases=databases, clock=clock)
    async with serving(app) as client:
        house = House(client, app.state.context, clock)
        student, exam = await house.person(Role.STUDENT), await house.exam()
        body = {"exam_id": str(exam.exam_id), "slot_id": str(await house.slot(exam))}
        answer = await client.post("/api/reservations/attempts", json=body, headers=student.keyed())
        ready = await client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"
    assert answer.headers["retry-after"] == "3"
    assert "same Idempotency-Key" in answer.json()["detail"]
    assert ready.status_code == 503
    assert ready.json()["checks"]["temporal"] is False
    assert ready.json()["checks"]["users"] is True


REFUSALS = [
    (ApplicationError("full", {"slot_id": "0190", "field": "/slot_id"}, type="slot_full"), "slot_full"),
    (ApplicationError("over", type="AcceptedUpdateCompletedWorkflow"), "conflict"),
    (ApplicationError("no", type="illegal_move", non_retryable=True), "illegal_move"),
]


@pytest.mark.parametrize(("cause", "kind"), REFUSALS)
async def test_what_a_workflow_refuses_keeps_its_type(cause: ApplicationError, kind: str) -> None:
    with pytest.raises(Failure) as caught:
        async with translated(1):
            raise WorkflowUpdateFailedError(cause)

    assert caught.value.type == kind


async def test_details_of_a_refusal_arrive() -> None:
    cause, _ = REFUSALS[0]
    with pytest.raises(Failure) as caught:
        async with translated(1):
            raise WorkflowUpdateFailedError(cause)

    assert caught.value.field == "/slot_id"
    assert caught.value.extra == {"slot_id": "0190"}


async def test_an_unknown_refusal_is_said_in_words(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Failure) as caught:
        async with translated(1):
            raise WorkflowUpdateFailedError(ApplicationError("?", type="SomethingElse"))

    assert caught.value.type is FailureType.UNAVAILABLE
    assert "SomethingElse" in caplog.text
    assert "SomethingElse" not in caught.value.message


KIND_OF = {
    RPCStatusCode.NOT_FOUND: FailureType.CONFLICT,
    RPCStatusCode.INVALID_ARGUMENT: FailureType.INVALID,
    RPCStatusCode.OUT_OF_RANGE: FailureType.INVALID,
}


@pytest.mark.parametrize("status", list(RPCStatusCode))
async def test_every_status_of_temporal_has_words(status: RPCStatusCode) -> None:
    """A server that is killed in the middle of a call answers UNKNOWN or INTERNAL, not only UNAVAILABLE."""
    with pytest.raises(Failure) as caught:
        async with translated(1):
            raise RPCError("h2 protocol error: error reading a body from connection", status, b"")

    assert caught.value.type is KIND_OF.get(status, FailureType.UNAVAILABLE)
    assert isinstance(caught.value, NotRunning) is (status is RPCStatusCode.NOT_FOUND)
    assert "h2" not in caught.value.message
    assert "again" in caught.value.message or caught.value.type is not FailureType.UNAVAILABLE


SAID_BY_THE_CLIENT = [
    (WorkflowUpdateFailedError(TerminatedError("terminated")), FailureType.UNAVAILABLE),
    (WorkflowFailureError(cause=CancelledError("cancelled")), FailureType.UNAVAILABLE),
    (WorkflowQueryFailedError("unknown query"), FailureType.CONFLICT),
    (WorkflowQueryRejectedError(None), FailureType.CONFLICT),
    (WorkflowUpdateRPCTimeoutOrCancelledError(), FailureType.UNAVAILABLE),
    (WorkflowContinuedAsNewError("run"), FailureType.UNAVAILABLE),
    (ServerError("worker is gone"), FailureType.UNAVAILABLE),
    (TimeoutError(), FailureType.UNAVAILABLE),
    (RuntimeError("Failed client connect"), FailureType.UNAVAILABLE),
]


@pytest.mark.parametrize(("error", "kind"), SAID_BY_THE_CLIENT, ids=lambda said: type(said).__name__)
async def test_every_error_of_the_client_has_words(error: Exception, kind: FailureType) -> None:
    with pytest.raises(Failure) as caught:
        async with translated(1):
            raise error

    assert caught.value.type is kind
