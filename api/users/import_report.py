"""What an import of people does, told before and after."""

from collections import Counter
from collections.abc import Sequence

from pydantic import Field

from api.users.enrolment import Action, Step
from api.users.roster import Complaint, Roster
from api.users.roster_column import Column
from schema.model import Message


class ImportChange(Message):
    """A value that differs; `before` is empty for a new person."""

    column: Column
    before: str
    after: str


class ImportRow(Message):
    """What becomes of one line."""

    line: int
    email: str
    name: str
    action: Action
    changes: list[ImportChange]


class ImportReport(Message):
    """How many lines there are of each kind. A preview tells of each; an import that was done has no rows."""

    is_preview: bool
    created: int
    changed: int
    unchanged: int
    refused: int
    problems: list[Complaint]
    rows: list[ImportRow] = Field(description="In the file's order")


def report_of(steps: Sequence[Step], roster: Roster) -> ImportReport:
    """What a plan comes to, as a preview tells it."""
    many = Counter(step.action for step in steps)
    return ImportReport(
        is_preview=True,
        created=many[Action.CREATE],
        changed=many[Action.CHANGE],
        unchanged=many[Action.UNCHANGED],
        refused=many[Action.REFUSED],
        problems=sorted(roster.complaints, key=lambda one: one.line),
        rows=[_row(step) for step in steps],
    )


def _row(step: Step) -> ImportRow:
    name = step.wish.values.get(Column.NAME) or (step.person.display_name if step.person else "")
    changes = [
        ImportChange(column=column, before="" if step.person is None else before, after=after)
        for column, (before, after) in step.changes.items()
    ]
    return ImportRow(
        line=step.wish.line, email=step.wish.email, name=str(name), action=step.action, changes=changes
    )
