"""Taking, giving back and deciding reviews: each is an update of the workflow that waits for it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from activities.adapters.sql.directory import SqlDirectory
from activities.adapters.temporal_failure import NotRunning
from api.access.act import act_of, carried_out
from api.context import Context, ContextOf
from api.corrections.review_access import check_second_person, review_row
from api.corrections.review_label import candidate_of
from api.corrections.review_subject import exam_of, incidents_of
from api.corrections.review_view import ClaimRequest, DecideRequest, ReviewItem, item_of_state
from api.idempotency import IdempotencyKey, Receipt
from api.security import require
from api.standing import lost
from api.token import CurrentPerson
from api.workflow import Workflows
from schema.db.tables.corrections import CorrectionsReceipt, ReviewRow
from schema.exam import Exam
from schema.failures import Failure, FailureType
from schema.ids import review_workflow_id
from schema.journal import ActKind, ActSubject
from schema.machine import ActorRole
from schema.review import (
    ROLE_FOR,
    Claim,
    Decide,
    GiveBack,
    IntegrityVerdict,
    ReviewKind,
    ReviewStage,
    ReviewState,
    Verdict,
)
from schema.role import Role
from schema.rubric import essay_of, mark_essay

router = APIRouter(prefix="/reviews/{review_id}")

ACTS = {
    "claim": ActKind.REVIEW_CLAIMED,
    "give_back": ActKind.REVIEW_GIVEN_BACK,
    "decide": ActKind.REVIEW_DECIDED,
}

Decider = Annotated[CurrentPerson, require(Role.GRADER, Role.REVIEWER, Role.ADMIN)]


@router.post("/claim", response_model=ReviewItem)
async def claim_review(
    review_id: UUID, request: ClaimRequest, key: IdempotencyKey, person: Decider, context: ContextOf
) -> Response:
    """Take a review so that nobody else works on it; an admin may hand it to another person."""
    row = await review_row(context, review_id, person)
    assignee_id = request.assignee_id or person.person_id
    wanted = ROLE_FOR[ReviewKind(row.kind)]
    await exam_of(context, row, assignee_id)
    await _check_assignee(context, assignee_id, wanted)
    await check_second_person(context, row, assignee_id)
    receipt = _receipt(context, person, f"claim/{review_id}", key)
    takes_it = assignee_id == person.person_id and person.has(Role(wanted.value))
    command = Claim(
        operation_id=str(receipt.id),
        person_id=person.person_id,
        role=wanted if takes_it or not person.has(Role.ADMIN) else ActorRole.ADMIN,
        assignee_id=assignee_id,
    )
    return await receipt.once(request, lambda: _update(context, row, "claim", command, person))


@router.post("/give-back", response_model=ReviewItem)
async def give_review_back(
    review_id: UUID, key: IdempotencyKey, person: Decider, context: ContextOf
) -> Response:
    """Put a review that one holds back into the queue, where it is free for everybody; its deadlines stay."""
    row = await review_row(context, review_id, person)
    receipt = _receipt(context, person, f"give-back/{review_id}", key)
    command = GiveBack(operation_id=str(receipt.id), person_id=person.person_id)
    return await receipt.once(None, lambda: _update(context, row, "give_back", command, person))


@router.post("/decide", response_model=ReviewItem)
async def decide_review(
    review_id: UUID, request: DecideRequest, key: IdempotencyKey, person: Decider, context: ContextOf
) -> Response:
    """Decide a review. Who upheld an incident may not be the second person who upholds it."""
    row = await review_row(context, review_id, person)
    wanted = ROLE_FOR[ReviewKind(row.kind)]
    if not person.has(Role(wanted.value)):
        raise Failure(FailureType.FORBIDDEN, f"this review is decided by a {wanted}; hand it to one")
    exam = await exam_of(context, row, person.person_id)
    await check_second_person(context, row, person.person_id)
    await _check_verdict(context, row, exam, request.verdict)
    receipt = _receipt(context, person, f"decide/{review_id}", key)
    command = Decide(
        operation_id=str(receipt.id), person_id=person.person_id, role=wanted, verdict=request.verdict
    )
    return await receipt.once(request, lambda: _update(context, row, "decide", command, person))


async def _update(
    context: Context, row: ReviewRow, name: str, command: Claim | GiveBack | Decide, person: CurrentPerson
) -> BaseModel:
    done = command.model_dump(mode="json", include={"assignee_id", "verdict"})
    held = {"assignee_id": str(row.assignee_id)} if isinstance(command, GiveBack) and row.assignee_id else {}
    act = act_of(
        context,
        person,
        ACTS[name],
        ActSubject.REVIEW,
        row.review_id,
        act_id=UUID(command.operation_id),
        exam_id=row.exam_id,
        before={"stage": row.stage, **held},
        after={"kind": row.kind, "attempt_id": str(row.attempt_id), **done},
    )
    state = await carried_out(
        context, act, lambda: _asked(context, row, name, command), lambda state: {"stage": state.stage}
    )
    item = item_of_state(state, person.person_id)
    return item.model_copy(update={"candidate": candidate_of(context, row)})


async def _asked(
    context: Context, row: ReviewRow, name: str, command: Claim | GiveBack | Decide
) -> ReviewState:
    workflow_id = review_workflow_id(row.review_id)
    try:
        return await Workflows(context.temporal).update(
            workflow_id, name, command, command.operation_id, ReviewState
        )
    except NotRunning as refusal:
        if row.stage == ReviewStage.DECIDED:
            raise
        raise lost("this review") from refusal


async def _check_assignee(context: Context, assignee_id: UUID, wanted: ActorRole) -> None:
    people = await SqlDirectory(context.databases.users).with_role(wanted)
    if assignee_id not in {contact.person_id for contact in people}:
        said = f"whom you chose is no {wanted}; this review can be held by a {wanted} only"
        raise Failure(FailureType.FORBIDDEN, said, field="/assignee_id")


async def _check_verdict(context: Context, row: ReviewRow, exam: Exam, verdict: Verdict) -> None:
    """What the workflow cannot know: the rubric and the attempt's incidents. Raises INVALID."""
    if row.kind == ReviewKind.ESSAY:
        mark_essay(essay_of(exam, row.subject), verdict)
    if row.kind == ReviewKind.INTEGRITY and isinstance(verdict, IntegrityVerdict):
        known = {incident.incident_id for incident in await incidents_of(context, row.attempt_id)}
        for place, ruling in enumerate(verdict.incidents):
            if ruling.incident_id not in known:
                said = "the attempt has no such incident; load the review again"
                raise Failure(FailureType.INVALID, said, field=f"/verdict/incidents/{place}/incident_id")


def _receipt(context: Context, person: CurrentPerson, operation: str, key: str) -> Receipt:
    return Receipt(
        context.databases.corrections, CorrectionsReceipt, person.person_id, operation, key, context.now()
    )
