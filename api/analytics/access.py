"""Whose attempts and exams a person may read about."""

from uuid import UUID

from api.access.blind import refuse_blind
from api.context import Context
from api.token import CurrentPerson
from schema.db.tables.reservations import AttemptRow, ExamRow
from schema.db.tables.users import Person
from schema.failures import Failure, FailureType
from schema.outcome import Release
from schema.role import Role

# What a student sees of an attempt once the result is out, an appeal included.
OUT = frozenset({Release.RELEASED, Release.APPEALED, Release.FINAL, Release.ARCHIVED})


async def readable_attempt(
    attempt_id: UUID, person: CurrentPerson, context: Context, staff: frozenset[Role]
) -> AttemptRow:
    """The attempt, for these roles and, once its result is released, for its student.

    Raises NOT_FOUND for somebody else's attempt, so that ids tell nothing, and FORBIDDEN for one's own too early.
    """
    async with context.databases.reservations.read() as session:
        attempt = await session.get(AttemptRow, attempt_id)
    if attempt is None or attempt.organisation_id != person.organisation_id:
        raise _no_attempt(attempt_id)
    # Their own is read as a student, whatever else they are.
    if attempt.student_id != person.person_id:
        if person.has(*staff):
            await refuse_blind(context, attempt_id, person)
            return attempt
        raise _no_attempt(attempt_id)
    if attempt.release == Release.PURGED:
        raise gone(attempt_id)
    if attempt.release not in OUT:
        raise Failure(FailureType.FORBIDDEN, "this is yours to read once your result is released")
    return attempt


async def own_exam(exam_id: UUID, person: CurrentPerson, context: Context) -> ExamRow:
    """The exam, for its author and for admins. Raises NOT_FOUND, FORBIDDEN."""
    return await readable_exam(exam_id, person, context, frozenset({Role.ADMIN}))


async def readable_exam(
    exam_id: UUID, person: CurrentPerson, context: Context, staff: frozenset[Role]
) -> ExamRow:
    """The exam, for its author and for these roles. Raises NOT_FOUND, FORBIDDEN."""
    async with context.databases.reservations.read() as session:
        exam = await session.get(ExamRow, exam_id)
    if exam is None or exam.organisation_id != person.organisation_id:
        raise Failure(
            FailureType.NOT_FOUND, "there is no such exam; go back and choose it again", exam_id=exam_id
        )
    if exam.author_id != person.person_id and not person.has(*staff):
        who = ", ".join(f"{role}s" for role in sorted(staff))
        raise Failure(FailureType.FORBIDDEN, f"this is for the exam's author and for {who}")
    return exam


async def known_student(student_id: UUID, me: CurrentPerson, context: Context) -> Person:
    """The student, for themselves and for admins. Raises NOT_FOUND for everyone else, so that ids tell nothing."""
    async with context.databases.users.read() as session:
        student = await session.get(Person, student_id)
    is_readable = me.person_id == student_id or me.has(Role.ADMIN)
    if student is None or student.organisation_id != me.organisation_id or not is_readable:
        raise Failure(
            FailureType.NOT_FOUND,
            "there is no such student whose figures are yours to read",
            student_id=student_id,
        )
    return student


def gone(attempt_id: UUID) -> Failure:
    """What is said of an attempt whose data were deleted."""
    what = "the data of this attempt were deleted when their time of keeping was over"
    return Failure(FailureType.NOT_FOUND, what, attempt_id=attempt_id)


def _no_attempt(attempt_id: UUID) -> Failure:
    return Failure(
        FailureType.NOT_FOUND, "there is no such attempt; go back and choose it again", attempt_id=attempt_id
    )
