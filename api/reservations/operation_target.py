"""Whom an act on many attempts is asked of, and whether everything it needs was said."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.reservations.access import actor_for, roles_for
from api.reservations.operation_shape import NewOperation
from api.token import CurrentPerson
from schema.aftermath.rule import LATE_PHASES
from schema.attempt import ATTEMPT, Phase, Verb
from schema.cohort import CohortVerb, Operation
from schema.db.tables.reservations import AttemptRow
from schema.failures import Failure, FailureType
from schema.outcome import Release
from schema.role import Role

NEEDS: dict[CohortVerb, tuple[str, ...]] = {
    CohortVerb.EXTEND: ("by",),
    CohortVerb.SEND_BACK: ("step", "reason"),
    CohortVerb.REFUSE: ("reason",),
    CohortVerb.PAUSE: ("reason",),
    CohortVerb.TERMINATE: ("reason",),
    CohortVerb.REACTIVATE: ("reason",),
    CohortVerb.VOID: ("reason",),
    CohortVerb.LIFT_CAP: ("reason",),
    CohortVerb.ACCEPT_LATE: ("by", "reason"),
    CohortVerb.REOPEN: ("reason",),
}
AFTER_THE_END = {
    CohortVerb.RELEASE: frozenset({Phase.SUBMITTED}),
    CohortVerb.ACCEPT_LATE: LATE_PHASES,
}
TARGETS = ("attempt_ids", "slot_id", "exam_id")
WORDS = {"by": "how much time", "step": "which step is to be done again", "reason": "why"}


async def asked_of(
    session: AsyncSession, person: CurrentPerson, wanted: NewOperation
) -> Sequence[AttemptRow]:
    """The attempts, all of one exam, none of them the person's own. Raises INVALID, NOT_FOUND, FORBIDDEN."""
    _check(wanted)
    rows = (
        await _named(session, person, wanted) if wanted.attempt_ids else await _all(session, person, wanted)
    )
    if not rows:
        message = f"there is no attempt to {wanted.verb} now; look at the attempts' phases"
        raise Failure(FailureType.CONFLICT, message)
    return rows


def operation_from(
    wanted: NewOperation, person: CurrentPerson, operation_id: UUID, rows: Sequence[AttemptRow]
) -> Operation:
    """What is asked, by the role that the table of moves wants. Raises FORBIDDEN."""
    after = wanted.verb in AFTER_THE_END
    allowed = (Role.ADMIN,) if after else roles_for(ATTEMPT, Verb(wanted.verb.value))
    actors = [actor_for(row, person, allowed) for row in rows]
    return Operation(
        operation_id=operation_id,
        organisation_id=person.organisation_id,
        exam_id=rows[0].exam_id,
        verb=wanted.verb,
        actor=actors[0],
        by=wanted.by,
        step=wanted.step,
        reason=wanted.reason,
    )


def _check(wanted: NewOperation) -> None:
    for field in NEEDS.get(wanted.verb, ()):
        if not getattr(wanted, field):
            message = f"to {wanted.verb} many attempts, say {WORDS[field]}"
            raise Failure(FailureType.INVALID, message, field=f"/{field}")
    named = [target for target in TARGETS if getattr(wanted, target) is not None]
    if len(named) != 1:
        message = "name either attempt_ids, slot_id or exam_id"
        raise Failure(FailureType.INVALID, message, field=f"/{named[1] if named else TARGETS[0]}")


async def _named(session: AsyncSession, person: CurrentPerson, wanted: NewOperation) -> Sequence[AttemptRow]:
    ids = list(dict.fromkeys(wanted.attempt_ids or ()))
    ours = select(AttemptRow).where(AttemptRow.organisation_id == person.organisation_id)
    found = {row.attempt_id: row for row in await session.scalars(ours.where(AttemptRow.attempt_id.in_(ids)))}
    for place, attempt_id in enumerate(wanted.attempt_ids or ()):
        field = f"/attempt_ids/{place}"
        if attempt_id not in found:
            raise Failure(
                FailureType.NOT_FOUND,
                "there is no such attempt; go back and choose it again",
                attempt_id=attempt_id,
                field=field,
            )
        if found[attempt_id].exam_id != found[ids[0]].exam_id:
            message = "not all of these attempts are at one exam; ask for each exam on its own"
            raise Failure(FailureType.INVALID, message, field=field)
        if found[attempt_id].student_id == person.person_id:
            message = "nobody decides about their own attempt; leave it out"
            raise Failure(FailureType.FORBIDDEN, message, field=field)
    return [found[attempt_id] for attempt_id in ids]


async def _all(session: AsyncSession, person: CurrentPerson, wanted: NewOperation) -> Sequence[AttemptRow]:
    """Those of the slot or exam to whom it can be done in their phase, except the person's own."""
    row = AttemptRow
    after = AFTER_THE_END.get(wanted.verb, frozenset())
    phases = {phase.value for phase in after} | {
        move.source.value for move in ATTEMPT.moves if move.verb == wanted.verb.value
    }
    target = row.slot_id == wanted.slot_id if wanted.slot_id else row.exam_id == wanted.exam_id
    rows = select(row).where(
        target,
        row.organisation_id == person.organisation_id,
        row.student_id != person.person_id,
        row.phase.in_(phases),
    )
    if after:
        rows = rows.where(row.release == Release.WITHHELD.value)
    return list(await session.scalars(rows.order_by(row.created_at, row.attempt_id)))
