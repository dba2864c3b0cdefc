"""Name and number of a student as they were at the door: whoever renames themselves later changes no attempt."""

from dataclasses import dataclass

from sqlalchemy import update

from api.context import Context
from schema.db.tables.reservations import AttemptRow
from schema.db.tables.users import Person

COMING_IN = frozenset({"check-in", "start"})  # the latter for who checked in under an older version


@dataclass(frozen=True, slots=True)
class AtDoor:
    """What a person is called at this moment."""

    name: str
    number: str


async def called_now(context: Context, row: AttemptRow) -> AtDoor | None:
    """The student's name and number now; None where the attempt keeps them already, or its person is gone."""
    if row.name_at_door is not None:
        return None
    async with context.databases.users.read() as session:
        person = await session.get(Person, row.student_id)
    return None if person is None else AtDoor(person.display_name, person.student_number)


async def keep(context: Context, row: AttemptRow, called: AtDoor) -> None:
    """Let the attempt keep them; the first ones stay."""
    first = (AttemptRow.attempt_id == row.attempt_id, AttemptRow.name_at_door.is_(None))
    kept = update(AttemptRow).where(*first).values(name_at_door=called.name, number_at_door=called.number)
    await context.databases.reservations.run(lambda session: session.execute(kept))
