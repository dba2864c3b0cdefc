"""Times that browsers claim: honest ones are believed whatever network and clocks do, and those that lie are found."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.spool.clock.claim import LIVE, ClaimCheck, Doubt
from api.spool.clock.steady import SLEW, SteadyClock
from api.spool.clock.witness import ClockWitness
from schema.record import ConnectionFactKind

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STREAM = UUID(int=7)
SECOND = timedelta(seconds=1)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def doubts(
    frames: Iterable[tuple[float, float]], apart: float = 0, interval: float = 1
) -> list[Doubt | None]:
    """Of frames as (claimed, arrived), in seconds since the stream began."""
    check = ClaimCheck()
    check.connected(at(0), at(0))
    step = timedelta(seconds=interval)
    return [
        check.judge((STREAM, seq), at(claimed), at(arrived), step, timedelta(seconds=apart)).doubt
        for seq, (claimed, arrived) in enumerate(frames, start=1)
    ]


Written = list[tuple[ConnectionFactKind, int]]


def facts(
    frames: list[tuple[float, float]], answer: Callable[[float], float] = lambda asked: asked + 0.1
) -> Written:
    """What the node writes, with the second; `answer` is when a ping of some moment is answered."""
    check, now, asked = ClaimCheck(), 0.0, list[float]()
    witness = ClockWitness(lambda: asked.append(now))
    check.connected(at(0), at(0))
    found: Written = []
    for seq, (claimed, arrived) in enumerate(frames, start=1):
        while asked and answer(asked[0]) <= arrived:
            witness.answered(at(answer(asked.pop(0))))
        now = arrived
        claim = check.judge((STREAM, seq), at(claimed), at(arrived), SECOND, timedelta())
        fact = witness.fact(claim, at(arrived), 1000)
        found += [] if fact is None else [(fact.kind, round(arrived))]
    return found


def delivered(
    outages: list[tuple[int, int]], slowness: float, seconds: int = 120
) -> list[tuple[float, float]]:
    """A picture a second, kept while the connection is away, sent in order, each taking so long on its way."""
    free, frames = 0.0, []
    for made in range(1, seconds):
        ready = max(free, float(made))
        for begin, length in outages:
            if begin <= ready < begin + length:
                ready = begin + length
        free = ready + slowness
        frames.append((float(made), free))
    return frames


Frames = list[tuple[float, float]]

HONEST: dict[str, Frames] = {
    "live": delivered([], 0.05),
    "an outage of a minute": delivered([(20, 60)], 0.05),
    "many short ones": delivered([(10, 4), (20, 7), (40, 3), (60, 12)], 0.1),
    "an uplink of half a picture a second": delivered([], 2.0),
    "an outage on a slow uplink": delivered([(20, 30)], 1.4),
    "a clock a little ahead": [(second + 4.0, second) for second in range(1, 60)],
    "recorded before the first connection": [(second - 25.0, 0.01 * second) for second in range(1, 25)],
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_browser_is_believed(name: str) -> None:
    assert set(doubts(HONEST[name])) == {None}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 110), st.integers(1, 60)), max_size=4), st.floats(0, 3))
def test_no_network_makes_an_honest_browser_a_liar(outages: list[tuple[int, int]], slowness: float) -> None:
    frames = delivered(outages, slowness)

    def answer(asked: float) -> float:
        """Behind every picture that was on its way when the ping came."""
        return max([asked, *(arrived for made, arrived in frames if made <= asked)]) + 0.05

    assert facts(frames, answer) == []


LIARS: dict[str, tuple[Frames, Doubt]] = {
    "ten seconds late": ([(second - 10.0, second) for second in range(1, 60)], Doubt.LATE),
    "a minute ahead": ([(second + 60.0, second) for second in range(1, 60)], Doubt.AHEAD),
    "an hour behind": ([(second - 3600.0, second) for second in range(1, 60)], Doubt.BEFORE),
    "frozen": ([(1.0, second) for second in range(1, 60)], Doubt.FROZEN),
    "at half its speed": ([(second / 2, second) for second in range(1, 60)], Doubt.LATE),
    "jumping": ([(second + 20.0 * (second % 2), second) for second in range(1, 60)], Doubt.AHEAD),
    "running backwards": ([(8 - second / 10, second / 2) for second in range(1, 60)], Doubt.BACKWARDS),
}


@pytest.mark.parametrize("name", LIARS)
def test_a_clock_that_keeps_lying_is_found_and_its_frames_are_kept(name: str) -> None:
    frames, doubt = LIARS[name]
    written = [second for kind, second in facts(frames) if kind is ConnectionFactKind.CLOCK_WRONG]

    assert doubt in doubts(frames)
    assert len(written) >= 5
    assert written[4] - written[0] <= 15
    assert written[0] <= 25


def test_a_claim_that_cannot_be_counts_as_of_its_arrival() -> None:
    check = ClaimCheck()
    check.connected(at(0), at(0))
    claim = check.judge((STREAM, 1), at(90), at(1), SECOND, timedelta())

    assert (claim.at, claim.off) == (at(1), timedelta(seconds=89))


def test_a_device_whose_clock_is_set_once_is_doubted_only_while_it_is_wrong() -> None:
    frames: Frames = [(second + (60.0 if 20 <= second < 22 else 0.0), second) for second in range(1, 60)]

    assert facts(frames) == [
        (ConnectionFactKind.CLOCK_WRONG, 20),
        (ConnectionFactKind.CLOCK_WRONG, 21),
        (ConnectionFactKind.CLOCK_RIGHT, 24),
    ]


@pytest.mark.parametrize("step", [5, 60, -60, 3600])
def test_a_browser_that_follows_the_servers_clock_when_it_is_set_does_no_wrong(step: int) -> None:
    assert set(doubts([(second + step, float(second)) for second in range(1, 60)], apart=step)) == {None}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 30), st.floats(-3600, 3600)), max_size=20))
def test_the_nodes_clock_never_jumps_and_follows_the_machines(moves: list[tuple[float, float]]) -> None:
    passed, wall = 0.0, 0.0
    clock = SteadyClock(lambda: at(wall), lambda: passed)
    before = clock()
    for seconds, step in moves:
        passed, wall = passed + seconds, wall + seconds + step
        now = clock()
        assert abs((now - before).total_seconds() - seconds) <= SLEW * seconds + 1e-3
        before = now
    apart = abs(clock.apart)
    passed, wall = passed + 100, wall + 100
    clock()
    assert abs(clock.apart) <= max(timedelta(), apart - timedelta(seconds=100 * SLEW - 0.01))
    assert timedelta() < LIVE
