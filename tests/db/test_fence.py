"""The fence of answers, for any clock and any device: what a student's own clock says gains nothing."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schema.failures import Failure, FailureType
from schema.fence import judge
from schema.grading import AnswerStanding
from schema.ids import new_id
from schema.lifecycle import WindowProjection
from tests.contracts.builder import NOON, a_window, an_answer

instants = st.integers(-7_200, 7_200).map(lambda seconds: NOON + timedelta(seconds=seconds))
ATTEMPT = new_id()


@st.composite
def windows(draw: st.DrawFn) -> WindowProjection:
    """Running, standing and closed ones, as the workflow projects them."""
    state = draw(st.sampled_from(["running", "standing", "closed"]))
    return a_window(
        ATTEMPT,
        1,
        is_open=state != "closed",
        deadline_at=draw(instants) if state == "running" else None,
        stopped_at=draw(instants) if state == "standing" else None,
        closed_at=draw(instants) if state == "closed" else None,
    )


def verdict(
    window: WindowProjection, answered_at: datetime, received_at: datetime
) -> AnswerStanding | FailureType:
    try:
        return judge(window, an_answer(ATTEMPT, answered_at, received_at=received_at))
    except Failure as failure:
        return failure.type


@given(window=windows(), claims=st.tuples(instants, instants), received_at=instants)
def test_while_the_clock_runs_only_the_arrival_counts(
    window: WindowProjection, claims: tuple[datetime, datetime], received_at: datetime
) -> None:
    counted = {verdict(window, claim, received_at) is AnswerStanding.COUNTED for claim in claims}

    if window.deadline_at is not None:
        assert counted == {received_at <= window.deadline_at}


@given(window=windows(), answered_at=instants, received_at=instants)
def test_nothing_counts_once_the_window_is_closed(
    window: WindowProjection, answered_at: datetime, received_at: datetime
) -> None:
    result = verdict(window, answered_at, received_at)

    if not window.is_open:
        assert result in {AnswerStanding.LATE, FailureType.DEADLINE_PASSED}


@given(window=windows(), answered_at=instants, received_at=instants)
def test_what_was_written_after_the_end_is_never_kept(
    window: WindowProjection, answered_at: datetime, received_at: datetime
) -> None:
    end = window.deadline_at or window.stopped_at or window.closed_at
    result = verdict(window, answered_at, received_at)

    if end is not None and min(answered_at, received_at) > end:
        assert result in {FailureType.DEADLINE_PASSED, FailureType.ILLEGAL_MOVE}


@given(window=windows(), answered_at=instants, received_at=instants, earlier=st.integers(0, 7_200))
def test_arriving_earlier_is_never_worse(
    window: WindowProjection, answered_at: datetime, received_at: datetime, earlier: int
) -> None:
    rank: dict[object, int] = {AnswerStanding.COUNTED: 2, AnswerStanding.LATE: 1}
    sooner = received_at - timedelta(seconds=earlier)

    before, after = verdict(window, answered_at, sooner), verdict(window, answered_at, received_at)

    assert rank.get(before, 0) >= rank.get(after, 0)
