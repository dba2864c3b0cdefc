"""What giving time came to under an exam that may end with its slot."""

from datetime import datetime, timedelta
from enum import StrEnum

from schema.clock import ExamClock
from schema.model import Message

NOTHING = timedelta(0)


class WhyLess(StrEnum):
    """Why less time was added than was asked for."""

    CAP = "cap"  # the exam ends with its slot


class TimeGiven(Message):
    """The last time that was given: asked for, added, and why less. `cap_at` is where the exam ends with its slot."""

    operation_id: str
    asked: timedelta
    added: timedelta
    why_less: WhyLess | None = None
    cap_at: datetime | None = None

    @property
    def sentence(self) -> str:
        """What was added of what was asked, where that is less; else nothing."""
        if self.why_less is None or self.cap_at is None:
            return ""
        return (
            f"{in_words(self.added)} of {in_words(self.asked)} were added: this exam ends with its slot; "
            "an administrator can lift that end for one attempt"
        )


def given(
    operation_id: str, before: ExamClock, after: ExamClock, asked: timedelta, begins: datetime, now: datetime
) -> TimeGiven:
    """What the change of a clock really added; one that has not started begins at `begins` at the earliest."""
    ends = after.ends_if(begins, now), before.ends_if(begins, now)
    added = max(ends[0] - ends[1], NOTHING)
    is_less = added < asked
    return TimeGiven(
        operation_id=operation_id,
        asked=asked,
        added=added,
        why_less=WhyLess.CAP if is_less else None,
        cap_at=after.cap if is_less else None,
    )


def facts_of(time: TimeGiven, clock: ExamClock) -> dict[str, str]:
    """What is told of it to the student and in the decision log."""
    facts = {
        "asked_seconds": str(int(time.asked.total_seconds())),
        "seconds": str(int(time.added.total_seconds())),
    }
    if time.why_less is not None:
        facts["why_less"] = time.why_less
    if clock.deadline_at is not None:
        facts["deadline_at"] = clock.deadline_at.isoformat()
    return facts


def in_words(span: timedelta) -> str:
    """`1 h 30 min`, `45 s`."""
    left, parts = int(span.total_seconds()), []
    for size, unit in ((3_600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 min"
