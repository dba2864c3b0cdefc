"""The marker: no mark while something that is needed is away, and the cause told with the next one."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from activities.service_marker import Probe, ServiceMarker
from schema.outage.interval import Interval
from schema.outage.mark import ServiceMark
from schema.outage.service import Cause, Component

SECOND = timedelta(seconds=1)


class Marks:
    """A ServiceBook that keeps what it is given, and fails where a test says so."""

    def __init__(self) -> None:
        self.marks: list[ServiceMark] = []
        self.is_away = False

    async def mark(self, marks: Collection[ServiceMark]) -> float:
        if self.is_away:
            raise OSError("no database")
        self.marks += marks
        return float(len(self.marks))

    async def stay(self, node_id: str, seen: Mapping[UUID, Interval]) -> None:
        return None


class Needed:
    """Something that works until it does not."""

    def __init__(self) -> None:
        self.works = True

    async def __call__(self) -> bool:
        if not self.works:
            raise OSError("away")
        return True


async def test_only_what_has_all_it_needs_is_marked() -> None:
    book, database, temporal = Marks(), Needed(), Needed()
    saves, starts = Probe(Cause.DATABASE, database), Probe(Cause.TEMPORAL, temporal)
    needs = {Component.ANSWERS: (saves,), Component.COMMANDS: (saves, starts)}
    marker = ServiceMarker(book, "node-1", needs, SECOND)

    await marker.step()
    temporal.works = False
    await marker.step()
    database.works = False
    await marker.step()
    database.works = temporal.works = True
    await marker.step()

    assert [(mark.component, mark.cause, mark.marked_at_boot) for mark in book.marks] == [
        (Component.ANSWERS, Cause.PROCESS, None),
        (Component.COMMANDS, Cause.PROCESS, None),
        (Component.ANSWERS, Cause.PROCESS, 2.0),
        (Component.ANSWERS, Cause.DATABASE, 3.0),
        (Component.COMMANDS, Cause.TEMPORAL, 2.0),
    ]


async def test_who_does_not_answer_holds_up_only_those_that_need_it() -> None:
    book, never = Marks(), asyncio.Event()

    async def hangs() -> bool:
        return await never.wait()

    saves, starts = Probe(Cause.DATABASE, Needed()), Probe(Cause.TEMPORAL, hangs)
    needs = {Component.ANSWERS: (saves,), Component.COMMANDS: (saves, starts)}
    marker = ServiceMarker(book, "node-1", needs, SECOND)

    await marker.step()
    never.set()
    while len(book.marks) < 3:
        await marker.step()

    assert book.marks[0].component is Component.ANSWERS
    assert {mark.cause for mark in book.marks if mark.component is Component.COMMANDS} == {Cause.TEMPORAL}
