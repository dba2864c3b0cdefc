"""Turns the words of a search into conditions on attempts; people are found in their own schema first."""

import re
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from api.context import Context
from api.folded import holds_person, holds_title, words_of
from api.token import CurrentPerson
from schema.db.tables.reservations import AttemptRow, ExamRow
from schema.db.tables.users import Person
from schema.failures import Failure, FailureType

MOST_WORDS = 8
MOST_PEOPLE = 1_000
ID_PREFIX = re.compile(r"[0-9a-f]{4,32}")


async def conditions_of(context: Context, person: CurrentPerson, q: str) -> list[ColumnElement[bool]]:
    """One condition for each word. Raises INVALID when there are too many words, or too many people fit one."""
    words = words_of(q)
    if len(words) > MOST_WORDS:
        raise Failure(
            FailureType.INVALID, f"these are more than {MOST_WORDS} words; leave some out", field="/q"
        )
    return [await _condition(context, person, word) for word in words]


async def _condition(context: Context, person: CurrentPerson, word: str) -> ColumnElement[bool]:
    title = select(ExamRow.exam_id).where(
        ExamRow.organisation_id == person.organisation_id, holds_title(word)
    )
    fits = [
        AttemptRow.exam_id.in_(title),
        AttemptRow.student_id.in_(await _people(context, person, word)),
        func.lower(AttemptRow.name_at_door).contains(word.lower(), autoescape=True),
        func.lower(AttemptRow.number_at_door).contains(word.lower(), autoescape=True),
    ]
    prefix = word.replace("-", "")
    if ID_PREFIX.fullmatch(prefix):
        first, last = UUID(prefix.ljust(32, "0")), UUID(prefix.ljust(32, "f"))
        fits.append(AttemptRow.attempt_id.between(first, last))
    return or_(*fits)


async def _people(context: Context, person: CurrentPerson, word: str) -> list[UUID]:
    query = select(Person.person_id).where(
        Person.organisation_id == person.organisation_id, holds_person(word)
    )
    async with context.databases.users.read() as session:
        found = list(await session.scalars(query.limit(MOST_PEOPLE + 1)))
    if len(found) > MOST_PEOPLE:
        what = f"more than {MOST_PEOPLE} people fit one of these words; write more of the name or the address"
        raise Failure(FailureType.INVALID, what, field="/q")
    return found
