"""Whether a released result shows right answers, and how little of a question is shown where it does not."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from schema.sitting.rule import RightAnswers


class Disclosure(StrEnum):
    """What a result shows its student of the right answers, or why it does not."""

    SHOWN = "shown"
    NEVER = "never"
    AFTER_LAST_SLOT = "after_last_slot"  # others have still to sit this version
    MAY_SIT_AGAIN = "may_sit_again"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is still to come: for the student, and for others. `last_slot_ends_at` is None where it is not known."""

    may_sit_again: bool
    others_to_come: bool
    last_slot_ends_at: datetime | None = None


def disclosure_of(rule: RightAnswers, ahead: Ahead) -> Disclosure:
    """The student's own next sitting comes before every rule."""
    if ahead.may_sit_again:
        return Disclosure.MAY_SIT_AGAIN
    if rule is RightAnswers.NEVER:
        return Disclosure.NEVER
    if rule is RightAnswers.AFTER_LAST_SLOT and ahead.others_to_come:
        return Disclosure.AFTER_LAST_SLOT
    return Disclosure.SHOWN
