"""The fence of answers: whether an answer counts, is kept as late, or is refused, judged by the projected clock."""

from datetime import datetime

from schema.clock import to_second
from schema.failures import Failure, FailureType
from schema.grading import Answer, AnswerStanding
from schema.lifecycle import WindowProjection


def judge(window: WindowProjection, answer: Answer) -> AnswerStanding:
    """COUNTED, or LATE for what was written in time and arrived too late.

    While the clock runs only the time of arrival counts, which no student can set; a window that is still
    open after its deadline (nobody has closed it yet) is judged by the deadline. Once it is closed nothing
    counts any more: the answers may have been marked already. Raises DEADLINE_PASSED with the deadline, and
    ILLEGAL_MOVE before the start and for what was written while the clock stands.
    """
    if window.started_at is None:
        raise Failure(
            FailureType.ILLEGAL_MOVE,
            f"attempt {answer.attempt_id} has not started; start it before answering",
        )
    if not window.is_open:
        ends = (window.closed_at, window.deadline_at, window.stopped_at)
        return _kept_or_refused(
            answer, min((end for end in ends if end is not None), default=window.started_at)
        )
    if window.deadline_at is not None:
        in_time = answer.received_at <= window.deadline_at
        return AnswerStanding.COUNTED if in_time else _kept_or_refused(answer, window.deadline_at)
    if window.stopped_at is not None and to_second(written_at(answer)) > window.stopped_at:
        raise Failure(
            FailureType.ILLEGAL_MOVE,
            f"attempt {answer.attempt_id} is paused since {window.stopped_at.isoformat()}; "
            "answers are taken again once it goes on",
            stopped_at=window.stopped_at.isoformat(),
        )
    return AnswerStanding.COUNTED


def written_at(answer: Answer) -> datetime:
    """When it was written as far as that can be believed: not after it arrived."""
    return min(answer.answered_at, answer.received_at)


def is_newer(window: WindowProjection, than: WindowProjection) -> bool:
    """Whether this projection of the same attempt's clock replaces the other."""
    return (window.version, window.clock_version) > (than.version, than.clock_version)


def _kept_or_refused(answer: Answer, end: datetime) -> AnswerStanding:
    if to_second(written_at(answer)) <= end:  # clocks stop and end on whole seconds
        return AnswerStanding.LATE
    raise Failure(
        FailureType.DEADLINE_PASSED,
        f"attempt {answer.attempt_id} ended at {end.isoformat()}; this answer was written after it and is not kept",
        deadline_at=end.isoformat(),
    )
