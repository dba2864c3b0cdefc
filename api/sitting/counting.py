"""Whether a sitting counts, as lists say it."""

from collections.abc import Sequence
from uuid import UUID

from activities.adapters.sql.counting import SqlCounting, Standing
from api.context import Context
from api.token import CurrentPerson
from schema.db.tables.reservations import AttemptRow


async def standings_of(
    context: Context, rows: Sequence[AttemptRow], person: CurrentPerson
) -> dict[UUID, Standing]:
    """Of those that are handed in; of one's own as its student, whatever else one is."""
    own = [row for row in rows if row.student_id == person.person_id]
    others = [row for row in rows if row.student_id != person.person_id]
    book = SqlCounting(context.databases)
    return await book.of(others) | await book.of(own, as_student=True)


def counted(standing: Standing | None) -> dict[str, object]:
    """The fields `counts` and `sittings`; none for an attempt that is not handed in."""
    return {} if standing is None else {"counts": standing.counts, "sittings": standing.of_sittings}
