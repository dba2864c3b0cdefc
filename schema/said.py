"""States and roles in the words that people read: no name of a machine's own stands in a refusal."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

PEOPLE = {
    "student": "students",
    "proctor": "proctors",
    "grader": "graders",
    "reviewer": "reviewers",
    "author": "authors",
    "admin": "administrators",
}
NOBODY = "the system"


def people(roles: Iterable[StrEnum]) -> str:
    """Who they are, as "administrators and proctors"; the system is named where there is nobody else."""
    names = sorted({PEOPLE[str(role)] for role in roles if str(role) in PEOPLE}) or [NOBODY]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def saying(subject: str, words: Mapping[str, str]) -> Mapping[str, str]:
    """A clause for each state that stands alone or before another one."""
    return {state: f"{subject} {clause}" for state, clause in words.items()}


ATTEMPT = saying(
    "this attempt",
    {
        "held": "holds a seat that is not confirmed yet",
        "waitlisted": "is on the waiting list",
        "reserved": "is booked and has not begun",
        "checking_in": "is being checked in",
        "awaiting_admission": "waits to be let in",
        "admitted": "has been let in and has not begun",
        "in_progress": "is being written",
        "paused": "is paused",
        "terminated": "has been stopped",
        "submitted": "has been handed in",
        "cancelled": "was cancelled",
        "expired": "has expired",
        "no_show": "was missed",
        "voided": "was declared void",
    },
)
MARKING = saying(
    "marking",
    {
        "pending": "has not begun",
        "auto_marked": "is under way",
        "awaiting_graders": "waits for graders",
        "marked": "is complete",
    },
)
INTEGRITY = saying(
    "the integrity review",
    {
        "undetermined": "waits for the analysis of the pictures",
        "none": "is not needed",
        "pending": "waits for a reviewer",
        "upheld_once": "waits for a second reviewer",
        "upheld": "was upheld",
        "cleared": "was cleared",
    },
)
RELEASE = saying(
    "the result",
    {
        "withheld": "is not released yet",
        "released": "is released",
        "appealed": "is being appealed",
        "final": "is final",
        "archived": "is archived",
        "purged": "has been deleted",
    },
)
