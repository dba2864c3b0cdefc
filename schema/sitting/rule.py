"""What an exam decides about sittings."""

from enum import StrEnum


class Counting(StrEnum):
    """Which of a student's sittings counts."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"


class RightAnswers(StrEnum):
    """When a released result shows right answers; never while its student may sit the exam again."""

    NEVER = "never"
    AFTER_LAST_SLOT = "after_last_slot"  # of the version that was sat
    ON_RELEASE = "on_release"
