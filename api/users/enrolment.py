"""Compares a list of people with those who have accounts: who is new, what would change, and what cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.token import CurrentPerson
from api.users.person import cohort_names, roles_of
from api.users.roster import Roster, Wish
from api.users.roster_column import Column
from schema.db.tables.users import Person
from schema.role import Role


class Action(StrEnum):
    """What becomes of a line."""

    CREATE = "create"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True)
class Step:
    """A line, whom it means, and each value that differs: before and after, as the file writes them."""

    wish: Wish
    action: Action
    person: Person | None = None
    changes: dict[Column, tuple[str, str]] = field(default_factory=dict)


async def plan(session: AsyncSession, roster: Roster, admin: CurrentPerson) -> list[Step]:
    """A step for each line; complaints that only the accounts can tell are added to the roster's."""
    wanted = [wish.email for wish in roster.wishes]
    people = {row.email: row for row in await session.scalars(select(Person).where(Person.email.in_(wanted)))}
    roles = await roles_of(session, [person.person_id for person in people.values()])
    cohorts = await cohort_names(
        session, {person.cohort_id for person in people.values() if person.cohort_id}
    )
    steps = []
    for wish in roster.wishes:
        person = people.get(wish.email)
        if person is None:
            wish.values.setdefault(Column.ROLES, frozenset({Role.STUDENT}))
        before = _present(person, roles, cohorts) if person else dict(NEW)
        changes = _changes(before, wish)
        _judge(wish, person, changes, admin, roster)
        action = Action.CREATE if person is None else Action.CHANGE if changes else Action.UNCHANGED
        steps.append(Step(wish, action, person, changes))
    return _refused(steps, {complaint.line for complaint in roster.complaints})


NEW: dict[Column, str] = {Column.TIME_FACTOR: "1", Column.TIME_ZONE: "UTC", Column.LANGUAGE: "en"}


def _present(
    person: Person, roles: dict[UUID, frozenset[Role]], cohorts: dict[UUID, str]
) -> dict[Column, str]:
    return {
        Column.NAME: person.display_name,
        Column.ROLES: written(roles[person.person_id]),
        Column.STUDENT_NUMBER: person.student_number,
        Column.COHORT: cohorts.get(person.cohort_id, "") if person.cohort_id else "",
        Column.TIME_FACTOR: written(person.duration_factor),
        Column.TIME_ZONE: person.time_zone,
        Column.LANGUAGE: person.language,
    }


def written(value: object) -> str:
    """A value as the file writes it."""
    if isinstance(value, frozenset):
        return " ".join(role for role in Role if role in value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def _changes(before: dict[Column, str], wish: Wish) -> dict[Column, tuple[str, str]]:
    found: dict[Column, tuple[str, str]] = {}
    for column, value in wish.values.items():
        if column in {Column.EMAIL, Column.TIME_FACTOR_REASON}:
            continue
        old, new = before.get(column, ""), written(value)
        is_same = old.casefold() == new.casefold() if column is Column.COHORT else old == new
        if not is_same:
            found[column] = (old, new)
    return found


def _judge(
    wish: Wish,
    person: Person | None,
    changes: dict[Column, tuple[str, str]],
    admin: CurrentPerson,
    roster: Roster,
) -> None:
    line = wish.line
    if person is None and Column.NAME not in wish.values and not _is_complained(roster, line, Column.NAME):
        roster.complain(line, Column.NAME, "no_name", "a new person needs a name", "add it")
    if person is not None and person.organisation_id != admin.organisation_id:
        said = "this address cannot be used here"
        roster.complain(line, Column.EMAIL, "taken", said, "ask the person for another one")
    if person is not None and person.person_id == admin.person_id:
        _judge_own(line, changes, roster)
    if Column.TIME_FACTOR in changes and Column.TIME_FACTOR_REASON not in wish.values:
        said = "extra time needs a reason"
        roster.complain(line, Column.TIME_FACTOR_REASON, "no_reason", said, "write who decided it, and when")


OWN_PREFERENCES = frozenset({Column.TIME_ZONE, Column.LANGUAGE})


def _judge_own(line: int, changes: dict[Column, tuple[str, str]], roster: Roster) -> None:
    for column in changes:
        if column not in OWN_PREFERENCES:
            kind = "own_role" if column is Column.ROLES else "own_standing"
            said = "this line is your own account, and nobody changes their own roles or standing"
            roster.complain(line, column, kind, said, "take the line out, or ask another admin")


def _is_complained(roster: Roster, line: int, column: Column) -> bool:
    return any(one.line == line and one.column == column for one in roster.complaints)


def _refused(steps: Sequence[Step], lines: set[int]) -> list[Step]:
    for step in steps:
        if step.wish.line in lines:
            step.action, step.changes = Action.REFUSED, {}
    return list(steps)
