"""Who takes part in an attempt's conversation: its student, and those who watch."""

from uuid import UUID

from activities.adapters.sql.conversation_book import SqlConversationBook
from api.context import Context
from api.token import CurrentPerson
from schema.attempt import ATTEMPT, Phase
from schema.conversation import TALKING_PHASES, Side
from schema.db.tables.reservations import AttemptRow
from schema.failures import Failure, FailureType
from schema.role import Role

LISTENERS = (Role.STUDENT, Role.PROCTOR, Role.REVIEWER, Role.ADMIN)
SPEAKERS = (Role.STUDENT, Role.PROCTOR, Role.ADMIN)


def book_of(context: Context) -> SqlConversationBook:
    """The conversations."""
    return SqlConversationBook(context.databases.monitoring)


async def attempt_for(context: Context, attempt_id: UUID, person: CurrentPerson) -> AttemptRow:
    """The attempt for its student and for those who watch, whether or not a stream began. Raises NOT_FOUND."""
    async with context.databases.reservations.read() as session:
        row = await session.get(AttemptRow, attempt_id)
    is_known = row is not None and row.organisation_id == person.organisation_id
    if row is None or not is_known or not (is_own(row, person) or _watches(row, person)):
        raise Failure(
            FailureType.NOT_FOUND,
            "there is no such attempt; go back and choose it again",
            attempt_id=attempt_id,
        )
    return row


def is_own(row: AttemptRow, person: CurrentPerson) -> bool:
    """Whether the person sits this attempt."""
    return row.student_id == person.person_id and person.has(Role.STUDENT)


def side_of(row: AttemptRow, person: CurrentPerson) -> Side:
    """On their own attempt people speak as its student only."""
    return Side.STUDENT if is_own(row, person) else Side.PROCTOR


def speaking_side(row: AttemptRow, person: CurrentPerson) -> Side:
    """The same for who wants to say or do something. Raises FORBIDDEN for reviewers, ILLEGAL_MOVE once it is over."""
    side = side_of(row, person)
    if side is Side.PROCTOR and not person.has(Role.PROCTOR, Role.ADMIN):
        raise Failure(FailureType.FORBIDDEN, "messages at this attempt are for its student and its proctors")
    if not is_open(row):
        said = f"{ATTEMPT.words[row.phase]}; messages go from check-in until it is handed in or closed"
        raise Failure(FailureType.ILLEGAL_MOVE, said)
    return side


def is_open(row: AttemptRow) -> bool:
    """Whether something may still be said."""
    return Phase(row.phase) in TALKING_PHASES


def _watches(row: AttemptRow, person: CurrentPerson) -> bool:
    # Nobody watches themselves, whatever else they are.
    return row.student_id != person.person_id and person.has(Role.PROCTOR, Role.REVIEWER, Role.ADMIN)
