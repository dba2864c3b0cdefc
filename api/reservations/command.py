"""Every command to an attempt as a POST route: the tables say which roles may send it, the workflow decides."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Response

from activities.adapters.temporal_failure import NotRunning
from api.access.act import act_of, carried_out
from api.access.blind import refuse_blind
from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.reservations import shape
from api.reservations.access import actor_for, find_attempt, roles_for
from api.reservations.door_name import COMING_IN, called_now, keep
from api.reservations.preparation import (
    Wish,
    as_sent,
    in_time,
    slot_window,
    step_without_photo,
    stored_appeal,
    with_extra_time,
)
from api.security import require
from api.standing import answer_without_workflow, is_put_back, lost
from api.token import CurrentPerson
from api.workflow import Workflows
from schema import lifecycle as m
from schema.aftermath.late import AcceptLate
from schema.aftermath.reopen import Reopen
from schema.attempt import ATTEMPT, Verb
from schema.db.tables.reservations import AttemptRow, ReservationsReceipt
from schema.failures import Failure, FailureType
from schema.given.command import LiftCap
from schema.ids import attempt_workflow_id
from schema.journal import ActSubject
from schema.machine import ActorRole
from schema.model import Message
from schema.outcome import RELEASE, ReleaseVerb
from schema.role import Role

router = APIRouter(prefix="/attempts/{attempt_id}")

Prepare = Callable[[Wish[Any]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Door:
    """One command: its path, who may send it, its body, and how the body becomes the command's fields."""

    path: str
    roles: tuple[Role, ...]
    command: type[m.Command]
    body: type[Message]
    summary: str
    prepare: Prepare = as_sent

    @property
    def update(self) -> str:
        """The update's name: the command's class in snake case."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.command.__name__).lower()


def _by(verb: Verb) -> tuple[Role, ...]:
    return roles_for(ATTEMPT, verb)


DOORS = (
    Door("confirm", _by(Verb.CONFIRM), m.Confirm, shape.Nothing, "Confirm the reservation", in_time),
    Door("cancel", _by(Verb.CANCEL), m.Cancel, shape.MaybeBecause, "Give the seat back"),
    Door("move", _by(Verb.MOVE), m.MoveSlot, shape.OtherSlot, "Move to another slot", slot_window),
    Door("check-in", _by(Verb.BEGIN_CHECK_IN), m.BeginCheckIn, shape.Nothing, "Begin checking in"),
    Door(
        "check-in/steps",
        _by(Verb.COMPLETE_CHECK_IN),
        m.RecordCheckIn,
        shape.StepDone,
        "Record a check-in step",
        step_without_photo,
    ),
    Door("admit", _by(Verb.ADMIT), m.Admit, shape.Nothing, "Let the student in"),
    Door("send-back", _by(Verb.SEND_BACK), m.SendBack, shape.StepAgain, "Ask for a check-in step again"),
    Door("refuse", _by(Verb.REFUSE), m.Refuse, shape.Because, "Do not let the student in"),
    Door("start", _by(Verb.START), m.Start, shape.Nothing, "Start writing", with_extra_time),
    Door("extend", _by(Verb.EXTEND), m.Extend, shape.MoreTime, "Give more time"),
    Door("lift-cap", _by(Verb.LIFT_CAP), LiftCap, shape.Because, "Let the attempt outlast its slot"),
    Door("pause", _by(Verb.PAUSE), m.Pause, shape.Because, "Let the clock stand"),
    Door("come-back", _by(Verb.COME_BACK), m.ComeBack, shape.Nothing, "Say that one is back"),
    Door("resume", _by(Verb.RESUME), m.Resume, shape.Nothing, "Let the exam go on"),
    Door("submit", _by(Verb.SUBMIT), m.Submit, shape.MaybeBecause, "Hand in"),
    Door("terminate", _by(Verb.TERMINATE), m.Terminate, shape.Because, "Stop the attempt"),
    Door("reactivate", _by(Verb.REACTIVATE), m.Reactivate, shape.Because, "Let a stopped attempt go on"),
    Door("void", _by(Verb.VOID), m.Void, shape.Because, "Make the attempt count for nothing"),
    Door(
        "release",
        roles_for(RELEASE, ReleaseVerb.RELEASE),
        m.ReleaseResult,
        shape.Nothing,
        "Release the result",
    ),
    Door("reopen", _by(Verb.REOPEN), Reopen, shape.Again, "Let an attempt that was handed in go on"),
    Door("accept-late", (Role.ADMIN,), AcceptLate, shape.AcceptedWithin, "Let late answers count"),
    Door(
        "appeal",
        roles_for(RELEASE, ReleaseVerb.APPEAL),
        m.Appeal,
        shape.Objection,
        "Object to the result",
        stored_appeal,
    ),
)


async def perform(
    context: Context, person: CurrentPerson, attempt_id: UUID, door: Door, body: Message, key: str
) -> Response:
    """Send a command as the update whose id is the request's receipt, and answer with the attempt's view."""
    async with context.databases.reservations.read() as session:
        row = await find_attempt(session, attempt_id, person)
    actor = actor_for(row, person, door.roles)
    if actor.role is not ActorRole.STUDENT:
        await refuse_blind(context, attempt_id, person)
    operation = f"{door.path}/{attempt_id}"
    receipt = Receipt(
        context.databases.reservations, ReservationsReceipt, person.person_id, operation, key, context.now()
    )

    async def work() -> m.AttemptView:
        fields = await door.prepare(Wish(context, row, body, receipt.id))
        command = door.command(operation_id=str(receipt.id), actor=actor, **fields)
        called = await called_now(context, row) if door.path in COMING_IN else None
        view = await _sent(context, person, row, door, body, command)
        if called is not None:
            await keep(context, row, called)
        return view

    return await receipt.once(body, work)


async def _sent(
    context: Context,
    person: CurrentPerson,
    row: AttemptRow,
    door: Door,
    body: Message,
    command: m.Command,
) -> m.AttemptView:
    """What staff do to an attempt is in the audit log, even if this process dies before the answer."""

    async def work() -> m.AttemptView:
        return await send(context, row.attempt_id, door.update, command)

    if command.actor.role is ActorRole.STUDENT:
        return await work()
    wanted = body.model_dump(mode="json", exclude_none=True)
    reason = str(wanted.pop("reason", ""))
    act = act_of(
        context,
        person,
        f"attempt_{door.update}",
        ActSubject.ATTEMPT,
        row.attempt_id,
        act_id=UUID(command.operation_id),
        exam_id=row.exam_id,
        reason=reason,
        before={"phase": row.phase, "release": row.release},
        after=wanted,
    )
    return await carried_out(context, act, work, lambda view: {"phase": view.phase, "release": view.release})


async def send(context: Context, attempt_id: UUID, update: str, command: m.Command) -> m.AttemptView:
    """Execute the update at the attempt's workflow; where none runs, the read model says what that means."""
    workflows = Workflows(context.temporal)
    try:
        return await workflows.update(
            attempt_workflow_id(attempt_id), update, command, command.operation_id, m.AttemptView
        )
    except NotRunning as refusal:
        return await answer_without_workflow(context, attempt_id, command.operation_id, refusal)
    except Failure as refusal:
        if refusal.type is FailureType.ILLEGAL_MOVE and await is_put_back(context, attempt_id):
            raise lost() from refusal
        raise


def _open(door: Door) -> None:
    async def command(
        *, attempt_id: UUID, body: Any, person: Any, context: ContextOf, key: IdempotencyKey
    ) -> Response:
        return await perform(context, person, attempt_id, door, body, key)

    # What differs from door to door, said to FastAPI where it looks.
    command.__annotations__["body"] = Annotated[door.body, Body()]
    command.__annotations__["person"] = Annotated[CurrentPerson, require(*door.roles)]
    if not any(field.is_required() for field in door.body.model_fields.values()):
        command.__kwdefaults__ = {"body": door.body()}
    router.add_api_route(
        f"/{door.path}",
        command,
        methods=["POST"],
        name=f"{door.update}_attempt",
        summary=door.summary,
        description=door.command.__doc__ or "",
        response_model=m.AttemptView,
    )


for _door in DOORS:
    _open(_door)
