"""EventOrder: each event once, in the order of its birth, and none kept back for good."""

import random
from datetime import timedelta

from activities.adapters.event_order import EventOrder
from activities.adapters.memory.outbox import MemoryOutbox
from schema.events import Envelope, Source
from schema.ids import new_id
from schema.publication import subject_of, told_by_start
from schema.task import MonitoringStart
from tests.contracts.builder import NOON, SECOND, a_monitoring

PATIENCE = timedelta(seconds=5)


def a_line(count: int, source: Source = Source.MONITORING) -> list[Envelope]:
    """Events of one attempt, numbered from 1."""
    monitoring = a_monitoring(new_id())
    told = told_by_start(MonitoringStart(monitoring=monitoring, at=NOON))
    (first,) = MemoryOutbox(source).publish(subject_of(monitoring), [told])
    numbered = [{"event_id": new_id(), "sequence": number} for number in range(1, count + 1)]
    return [first.model_copy(update=update) for update in numbered]


async def test_whatever_order_they_come_in_they_go_in_theirs() -> None:
    lines = [a_line(20), a_line(20), a_line(20, Source.CORRECTIONS)]
    order, given, coming = EventOrder(PATIENCE), [], [event for line in lines for event in line]
    random.Random(7).shuffle(coming)

    for event in coming:
        order.add(event, NOON)
        given += order.take(NOON)

    for line in lines:
        assert [event for event in given if event.attempt_id == line[0].attempt_id] == line
    assert (len(given), order.out_of_order) == (60, 0)


async def test_an_event_that_comes_again_is_given_once() -> None:
    order, (event, _) = EventOrder(PATIENCE), a_line(2)

    added = [order.add(event, NOON), order.add(event, NOON)]
    given = order.take(NOON)
    added.append(order.add(event, NOON))

    assert (added, given, order.take(NOON)) == ([True, False, False], [event], [])
    assert order.repeated == 2


async def test_a_gap_is_waited_for_and_then_passed_over() -> None:
    order, (first, second, third, fourth) = EventOrder(PATIENCE), a_line(4)
    for event in (first, third, fourth):
        order.add(event, NOON)

    at_once = order.take(NOON)
    impatient = order.take(NOON + PATIENCE - SECOND)
    patient = order.take(NOON + PATIENCE)
    order.add(second, NOON + PATIENCE)
    late = order.take(NOON + PATIENCE)

    assert (at_once, impatient, patient, late) == ([first], [], [third, fourth], [second])
    assert order.out_of_order == 2


async def test_a_line_that_began_before_this_process_goes_on() -> None:
    order, (*_, eighth, ninth) = EventOrder(PATIENCE), a_line(9)
    order.add(ninth, NOON)
    order.add(eighth, NOON + SECOND)

    assert order.take(NOON + SECOND) == []
    assert order.take(NOON + PATIENCE) == []
    assert order.take(NOON + SECOND + PATIENCE) == [eighth, ninth]
