"""The fence of answers, for any clock and any device: what a student's own clock says gains nothing."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schema.attempt import Phase
from schema.failures import Failure, FailureType
from schema.fence import GRACE, end_of, judge
from schema.grading import AnswerStanding
from schema.ids import new_id
from schema.lifecycle import WindowProjection
from tests.contracts.builder import NOON, a_window, an_answer

instants = st.integers(-7_200, 7_200).map(lambda seconds: NOON + timedelta(seconds=seconds))
numbers = st.integers(0, 2**31 - 1)
ATTEMPT = new_id()


@st.composite
def windows(draw: st.DrawFn) -> WindowProjection:
    """Running, standing and closed ones, as the workflow projects them."""
    state = draw(st.sampled_from(["running", "standing", "closed"]))
    why_it_stands = draw(st.sampled_from([Phase.PAUSED, Phase.TERMINATED]))
    return a_window(
        ATTEMPT,
        1,
        is_open=state != "closed",
        deadline_at=draw(instants) if state == "running" else None,
        stopped_at=draw(instants) if state == "standing" else None,
        closed_at=draw(instants) if state == "closed" else None,
        phase={"running": Phase.IN_PROGRESS, "standing": why_it_stands}.get(state, Phase.SUBMITTED),
    )


def verdict(
    window: WindowProjection, answered_at: datetime, received_at: datetime, epoch: int = 1, revision: int = 1
) -> AnswerStanding | FailureType:
    answer = an_answer(ATTEMPT, answered_at, received_at=received_at, epoch=epoch, revision=revision)
    try:
        return judge(window, answer)
    except Failure as failure:
        return failure.type


@given(
    window=windows(),
    claims=st.tuples(instants, instants),
    epochs=st.tuples(numbers, numbers),
    revisions=st.tuples(numbers, numbers),
    received_at=instants,
)
def test_only_the_arrival_decides(
    window: WindowProjection,
    claims: tuple[datetime, datetime],
    epochs: tuple[int, int],
    revisions: tuple[int, int],
    received_at: datetime,
) -> None:
    said = zip(claims, epochs, revisions, strict=True)

    assert len({verdict(window, claim, received_at, *number) for claim, *number in said}) == 1


@given(window=windows(), answered_at=instants, received_at=instants)
def test_nothing_counts_later_than_three_seconds_after_the_end(
    window: WindowProjection, answered_at: datetime, received_at: datetime
) -> None:
    end = end_of(window)
    assert end is not None

    counted = verdict(window, answered_at, received_at) is AnswerStanding.COUNTED

    assert counted == (received_at <= end + GRACE)


@given(window=windows(), answered_at=instants, received_at=instants)
def test_once_sealed_a_closed_window_counts_nothing(
    window: WindowProjection, answered_at: datetime, received_at: datetime
) -> None:
    closed = window.model_copy(update={"is_open": False, "closed_at": window.closed_at or NOON})

    standing = judge(closed, an_answer(ATTEMPT, answered_at, received_at=received_at), is_sealed=True)

    assert standing is AnswerStanding.LATE


@given(window=windows(), answered_at=instants, received_at=instants, earlier=st.integers(0, 7_200))
def test_arriving_earlier_is_never_worse(
    window: WindowProjection, answered_at: datetime, received_at: datetime, earlier: int
) -> None:
    rank: dict[object, int] = {AnswerStanding.COUNTED: 2, AnswerStanding.LATE: 1}
    sooner = received_at - timedelta(seconds=earlier)

    before, after = verdict(window, answered_at, sooner), verdict(window, answered_at, received_at)

    assert rank.get(before, 0) >= rank.get(after, 0)
