"""Acts on exams, attempts and results, and looks at what is confidential, for the audit log."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID, uuid5

from activities.act.sql import SqlIntentBook
from activities.adapters.temporal_failure import NotRunning
from api.context import Context
from api.token import CurrentPerson
from schema.db.journal import record
from schema.exam import Exam
from schema.failures import Failure
from schema.ids import NAMESPACE
from schema.journal import Act, ActKind, ActSubject

T = TypeVar("T")
LOOK_SECONDS = 3600  # several looks of a person at one thing within an hour are one


def act_of(
    context: Context,
    person: CurrentPerson,
    kind: str,
    subject: ActSubject,
    subject_id: UUID,
    *,
    act_id: UUID,
    **facts: Any,
) -> Act:
    """What this person does now."""
    return Act(
        act_id=act_id,
        organisation_id=person.organisation_id,
        at=context.now(),
        actor_id=person.person_id,
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        **facts,
    )


async def record_act(
    context: Context,
    person: CurrentPerson,
    kind: str,
    subject: ActSubject,
    subject_id: UUID,
    *,
    act_id: UUID,
    **facts: Any,
) -> None:
    """Write an act before its request is answered; sent again under the same id it stays one."""
    act = act_of(context, person, kind, subject, subject_id, act_id=act_id, **facts)
    await context.databases.users.run(lambda session: record(session, act))


async def carried_out(
    context: Context,
    act: Act,
    work: Callable[[], Awaitable[T]],
    told: Callable[[T], dict[str, Any]],
) -> T:
    """Do it between writing that it begins and writing that it was done, with what is `told` of the answer.

    Should this process not live to see the answer, a loop finds out what came of it. What is refused is forgotten;
    a workflow that is over refuses nothing: what ended it may be this act, sent again as its answer was lost.
    """
    bases = context.databases
    book = SqlIntentBook(bases.users, bases.reservations, bases.corrections)
    await book.begin(act)
    try:
        answer = await work()
    except Failure as failure:
        if not failure.is_retryable and not isinstance(failure, NotRunning):
            await book.forget(act)
        raise
    await book.record(act.model_copy(update={"after": {**told(answer), **act.after}}))
    return answer


async def record_look(
    context: Context,
    person: CurrentPerson,
    kind: ActKind,
    subject: ActSubject,
    subject_id: UUID,
    **facts: Any,
) -> None:
    """Write that somebody looks at evidence, an identity photo or an answer key."""
    hour = int(context.now().timestamp()) // LOOK_SECONDS
    act_id = uuid5(NAMESPACE, f"look/{kind}/{person.person_id}/{subject_id}/{hour}")
    seen = context.looks
    if act_id in seen:
        return
    await record_act(context, person, kind, subject, subject_id, act_id=act_id, **facts)
    seen.add(act_id)


async def record_key_seen(
    context: Context, person: CurrentPerson, exam_id: UUID, version: int, attempt_id: UUID | None = None
) -> None:
    """Somebody of the staff is shown right answers, of an exam or along with an attempt's marks."""
    facts: dict[str, Any] = {"exam_id": exam_id, "after": {"version": version}}
    of = (ActSubject.EXAM, exam_id) if attempt_id is None else (ActSubject.ATTEMPT, attempt_id)
    await record_look(context, person, ActKind.ANSWER_KEY_SEEN, *of, **facts)


def described_exam(exam: Exam) -> dict[str, Any]:
    """Title, instructions, each setting of the policy, and each question with its key, by flat names."""
    content = exam.model_dump(mode="json")
    found = {"title": content["title"], "instructions": content.get("instructions", "")}
    found |= _flat("policy", content["policy"])
    for section in content["sections"]:
        found[f"section.{section['section_id']}"] = {
            name: value for name, value in section.items() if name not in {"section_id", "questions"}
        }
        for question in section["questions"]:
            found[f"question.{question['question_id']}"] = question
    return found


def _flat(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        return {name: value}
    found: dict[str, Any] = {}
    for key, inner in value.items():
        found |= _flat(f"{name}.{key}", inner)
    return found
