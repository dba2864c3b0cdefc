"""The fence of answers: whether an answer counts, is late, or is refused, decided by its arrival alone."""

from datetime import datetime, timedelta

from schema.attempt import Phase
from schema.clock import to_second
from schema.failures import Failure, FailureType
from schema.grading import Answer, AnswerStanding
from schema.lifecycle import WindowProjection

GRACE = timedelta(seconds=3)  # what arrives so soon after a stop or the end was on its way
MOST_LATE = 20  # late revisions that are kept of one question


def judge(window: WindowProjection, answer: Answer, *, is_sealed: bool = False) -> AnswerStanding:
    """COUNTED until GRACE after the clock stopped or ended, LATE after the end or a termination.

    No time that a device claims is read. A window that is still open after its deadline (nobody has closed it
    yet) is judged by the deadline. `is_sealed` says that marking has taken its snapshot: nothing counts after
    it. Raises ILLEGAL_MOVE before the start, during a pause (with `stopped_at` and `retry_when`: the same answer
    is taken once the exam goes on), and for a voided attempt.
    """
    if window.started_at is None:
        raise Failure(
            FailureType.ILLEGAL_MOVE,
            "this attempt has not started; start it before answering",
        )
    if window.phase is Phase.VOIDED:
        raise Failure(
            FailureType.ILLEGAL_MOVE,
            "this attempt was made void; no answer is taken any more",
        )
    end = end_of(window)
    if end is None or (answer.received_at <= end + GRACE and not is_sealed):
        return AnswerStanding.COUNTED
    if window.is_open and window.deadline_at is None and window.phase is not Phase.TERMINATED:
        raise Failure(
            FailureType.ILLEGAL_MOVE,
            "the exam is paused; send this answer again once it goes on",
            stopped_at=end.isoformat(),
            retry_when="resumed",
        )
    return AnswerStanding.LATE


def end_of(window: WindowProjection) -> datetime | None:
    """When writing ends, ended or was stopped; None where nothing has ended yet."""
    if window.is_open:
        return window.deadline_at or window.stopped_at
    closed, stopped = window.closed_at, window.stopped_at
    if closed is not None and stopped == to_second(closed):
        stopped = None  # clocks stop on whole seconds: closing is what stopped this one
    ends = [end for end in (closed, window.deadline_at, stopped) if end is not None]
    return min(ends, default=window.started_at)


def check_epoch(answer: Answer, issued: int) -> None:
    """A device answers under an epoch that this server gave it. Raises INVALID.

    The first one may be used without asking: nothing comes before it.
    """
    if answer.epoch > max(issued, 1):
        raise Failure(
            FailureType.INVALID,
            f"no device of this attempt was given epoch {answer.epoch}; ask for one first",
            field="/epoch",
        )


def check_after(after: int | None, issued: int) -> None:
    """A page that does not know whether it was heard begins only where nobody else has since. Raises CONFLICT."""
    if after is not None and issued != after:
        raise Failure(FailureType.CONFLICT, "another window or device has begun to answer since then")


def not_kept(answer: Answer, window: WindowProjection, why: str) -> Failure:
    """The refusal of a late answer that is not even kept."""
    end = end_of(window) or answer.received_at
    return Failure(
        FailureType.DEADLINE_PASSED,
        f"the exam has ended; {why}",
        deadline_at=end.isoformat(),
    )


def check_room(answer: Answer, window: WindowProjection, kept: int, *, is_shown: bool) -> None:
    """Whether one more late answer to this question is kept. Raises DEADLINE_PASSED."""
    if is_shown:
        raise not_kept(answer, window, "its result was shown, no answer is kept any more")
    if kept >= MOST_LATE:
        raise not_kept(answer, window, f"{MOST_LATE} late answers to this question are kept, no more")


def is_newer(window: WindowProjection, than: WindowProjection) -> bool:
    """Whether this projection of the same attempt's clock replaces the other."""
    return (window.generation, window.version, window.clock_version) > (
        than.generation,
        than.version,
        than.clock_version,
    )
