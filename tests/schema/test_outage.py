"""What outages took, judged second by second by a slow model beside the arithmetic of intervals."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.clock import ExamClock
from schema.outage.interval import Interval, intersect, subtract, total, union, whole
from schema.outage.service import Component, NodeRecord, Rules, ServiceRecord, Stay
from schema.outage.sweep import SweepMemory
from tests.schema.outage_time import at, span

HOUR = timedelta(hours=1)
RULES = Rules(tolerance=timedelta(seconds=3), failover=timedelta(minutes=10))
PAIRS = st.tuples(st.integers(0, 60), st.integers(0, 60))
SPANS = st.lists(PAIRS.map(lambda pair: span(*sorted(pair))), max_size=8)


def moments(intervals: Iterable[Interval]) -> set[int]:
    """The seconds that they cover."""
    return {second for one in intervals for second in range(60) if one.start <= at(second) < one.end}


def record(component: Component, now: float, **nodes: NodeRecord) -> ServiceRecord:
    return ServiceRecord(at(now), RULES, {component: nodes})


@settings(max_examples=2_000, deadline=None)
@given(SPANS, SPANS)
def test_sets_of_intervals_are_sets_of_moments(some: list[Interval], others: list[Interval]) -> None:
    both = union([*some, *others])

    assert moments(both) == moments(some) | moments(others)
    assert moments(subtract(some, others)) == moments(some) - moments(others)
    assert moments(intersect(some, others)) == moments(some) & moments(others)
    assert total(both) == timedelta(seconds=len(moments(both)))
    assert all(one.end < other.start for one, other in pairwise(both))


@settings(max_examples=2_000, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["lost", "stop", "go_on", "wait"]), PAIRS), max_size=25),
    st.integers(0, 30),
)
def test_every_second_that_the_clock_ran_and_was_lost_is_given_back_once(
    changes: list[tuple[str, tuple[int, int]]], start: int
) -> None:
    clock, now, ran, lost = ExamClock(allowed=HOUR).start(at(start)), start, set[int](), set[int]()
    standing = False
    for what, (one, other) in changes:
        past = now
        now += one % 7
        ran |= set() if standing else set(range(past, now))
        if what == "lost":
            silence = span(*sorted((one, other)))
            known = {second for second in moments([silence]) if second in ran}
            clock, lost = clock.give_back([silence], at(now)), lost | known
        elif what == "stop":
            clock, standing = clock.stop(at(now)), True
        elif what == "go_on":
            clock, standing = clock.go_on(at(now)), False

    assert clock.owed == timedelta(seconds=len(lost))
    stood = now - start - len(ran)
    deadline = clock.go_on(at(now)).deadline_at
    assert deadline == at(start) + HOUR + timedelta(seconds=stood + len(lost))


def test_a_part_of_a_second_is_a_second() -> None:
    assert whole([span(1.2, 1.9), span(3, 4.1)]) == (span(1, 2), span(3, 5))
    assert ExamClock(allowed=HOUR).start(at(0)).give_back([span(2.5, 3.5)], at(3.6)).owed == timedelta(
        seconds=2
    )


def test_nothing_is_owed_before_the_start() -> None:
    clock = ExamClock(allowed=HOUR)

    assert clock.give_back([span(0, 50)], at(60)).owed == timedelta(0)
    assert clock.start(at(40)).give_back([span(0, 50)], at(60)).owed == timedelta(seconds=10)


# --- Who was served ---------------------------------------------------------------------------------


def test_a_single_node_takes_from_everybody() -> None:
    node = NodeRecord(at(0), at(100), (span(20, 30),))

    assert record(Component.ANSWERS, 100, one=node).lost(at(0)) == (span(20, 30),)
    assert record(Component.ANSWERS, 100, one=node).lost(at(25)) == (span(25, 30),)


def test_before_the_first_mark_nothing_is_known() -> None:
    assert record(Component.ANSWERS, 100, one=NodeRecord(at(50), at(100))).lost(at(0)) == ()


def test_what_is_silent_now_is_lost_until_now() -> None:
    silent = record(Component.LIFECYCLE, 100, one=NodeRecord(at(0), at(90)))
    just_now = record(Component.LIFECYCLE, 92, one=NodeRecord(at(0), at(90)))

    assert silent.lost(at(0)) == (span(90, 100),)
    assert just_now.lost(at(0)) == ()
    assert not silent.is_known(at(95))
    assert silent.is_known(at(89))


def test_workers_share_the_work() -> None:
    nodes = {
        "one": NodeRecord(at(0), at(100), (span(20, 40),)),
        "two": NodeRecord(at(0), at(100), (span(30, 50),)),
    }

    assert record(Component.LIFECYCLE, 100, **nodes).lost(at(0), [Stay("one", at(0), at(20))]) == (
        span(30, 40),
    )


def test_overlapping_outages_of_different_parts_are_one_loss() -> None:
    nodes = {
        Component.ANSWERS: {"one": NodeRecord(at(0), at(100), (span(20, 40),))},
        Component.LIFECYCLE: {"w": NodeRecord(at(0), at(100), (span(30, 50), span(70, 75)))},
    }

    assert ServiceRecord(at(100), RULES, nodes).lost(at(0)) == (span(20, 50), span(70, 75))


TWO = {"one": NodeRecord(at(0), at(100), (span(20, 40),)), "two": NodeRecord(at(0), at(100))}


@pytest.mark.parametrize(
    ("stays", "lost"),
    [
        ([], ()),  # heard of nowhere: the other node was there
        ([Stay("two", at(0), at(100))], ()),
        ([Stay("one", at(0), at(19)), Stay("one", at(41), at(100))], (span(20, 40),)),
        ([Stay("one", at(0), at(19)), Stay("two", at(27), at(100))], (span(20, 27),)),
        ([Stay("one", at(0), at(19)), Stay("two", at(0), at(18))], ()),  # it used both by turns
        (
            [Stay("two", at(0), at(2)), Stay("one", at(3), at(19)), Stay("one", at(45), at(99))],
            (span(20, 40),),
        ),
    ],
)
def test_one_node_of_two_takes_from_those_that_it_served(
    stays: list[Stay], lost: tuple[Interval, ...]
) -> None:
    seen = record(Component.ANSWERS, 100, **TWO)

    assert seen.lost(at(0), stays) == lost


def test_a_node_that_never_comes_back_takes_until_another_one_could_be_reached() -> None:
    gone = record(Component.FRAMES, 3_000, one=NodeRecord(at(0), at(20)), two=NodeRecord(at(0), at(3_000)))
    stays = [Stay("one", at(0), at(19))]

    assert gone.lost(at(0), stays) == (span(20, 620),)
    assert gone.is_known(at(2_999), stays)


def test_until_the_own_node_has_marked_again_nothing_is_settled() -> None:
    stays = [Stay("one", at(0), at(97))]
    seen = record(Component.ANSWERS, 100, one=NodeRecord(at(0), at(98)), two=NodeRecord(at(0), at(100)))

    assert not seen.is_known(at(99), stays)
    assert seen.is_known(at(98), stays)
    assert seen.is_known(at(99), [Stay("two", at(0), at(97))])


def test_a_node_that_left_is_looked_for_until_its_losses_are_over_and_then_no_more() -> None:
    minute, began = timedelta(minutes=1), at(0)
    memory = SweepMemory(Rules(tolerance=timedelta(seconds=4), failover=10 * minute))
    left = NodeRecord(began, began)

    def is_due(minutes: float, **later: NodeRecord) -> bool:
        now = began + minutes * minute
        here = NodeRecord(began, now)
        others = {("answers", name): node for name, node in later.items()}
        due = memory.is_due({("answers", "left"): left, ("answers", "here"): here, **others}, now)
        memory.done()
        return due

    assert [is_due(minutes) for minutes in (0.01, 1, 10, 10.9, 11.1, 11.2, 60)] == [
        False,
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    third = NodeRecord(began + 60 * minute, began + 120 * minute)
    assert [is_due(minutes, third=third) for minutes in (60.5, 61.1, 61.2, 119)] == [True, True, False, False]
    assert not is_due(60 * 25)
