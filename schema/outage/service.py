"""What the parts of the platform recorded of their own service, and what one attempt lost by their silence. Pure.

Each node marks every second that it serves; a gap between two of its marks is an outage of that node. What a browser
says is not asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from schema.outage.interval import Interval, Intervals, subtract, union


class Component(StrEnum):
    """What a student needs of the platform, each provided by one node or several."""

    ANSWERS = "answers"  # an API node that can save answers
    FRAMES = "frames"  # an API node that can take pictures
    COMMANDS = "commands"  # an API node that can reach the workflows: to hand in, to be helped
    LIFECYCLE = "lifecycle"  # a worker that moves attempts on, and its Temporal


class Cause(StrEnum):
    """What was away, as far as whoever marked could see."""

    PROCESS = "process"  # the process itself: killed, stopped, frozen, the machine asleep
    DATABASE = "database"
    SPOOL = "spool"
    TEMPORAL = "temporal"


BOUND = frozenset(
    {Component.ANSWERS, Component.FRAMES, Component.COMMANDS}
)  # served to a browser by its node
LAST_USED = timedelta(seconds=15)  # a browser that used two nodes within this time uses both
STALE_FOR = timedelta(days=1)  # a node that was silent for longer has left for good
FORGOTTEN_AFTER = timedelta(minutes=10)  # who was heard of nowhere for so long is bound to no node


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """How one node served one component: its first and last mark, and its outages in between."""

    first_at: datetime
    last_at: datetime
    outages: Intervals = ()

    def up(self, now: datetime, tolerance: timedelta) -> Intervals:
        """When it served. A mark that is not older than the tolerance still stands."""
        until = max(now, self.last_at) if now - self.last_at <= tolerance else self.last_at
        return subtract((Interval(start=self.first_at, end=until),), self.outages)


@dataclass(frozen=True, slots=True)
class Stay:
    """An attempt's browser was seen at an API node from its first request there to its last one."""

    node_id: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """`tolerance`: a shorter silence is no outage. `failover`: how long a browser may take to reach another node."""

    tolerance: timedelta
    failover: timedelta


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """All that was recorded, as of `now`."""

    now: datetime
    rules: Rules
    nodes: Mapping[Component, Mapping[str, NodeRecord]] = field(default_factory=dict)

    def lost(self, since: datetime, stays: Sequence[Stay] = ()) -> Intervals:
        """When the platform did not serve an attempt that has been under way since then; may reach until now."""
        return union(
            lost
            for component, nodes in self.nodes.items()
            if nodes
            for lost in self._lost(component, nodes, since, stays)
        )

    def is_known(self, until: datetime, stays: Sequence[Stay] = ()) -> bool:
        """Whether it is settled how the attempt was served up to then: somebody who serves it has marked since."""
        until = min(until, self.now)
        for component, nodes in self.nodes.items():
            serving = self._serving(component, nodes, until, stays)
            if nodes and max(nodes[name].last_at for name in serving) < until:
                return False
        return True

    def _lost(
        self,
        component: Component,
        nodes: Mapping[str, NodeRecord],
        since: datetime,
        stays: Sequence[Stay],
    ) -> Intervals:
        window = (Interval(start=max(since, min(node.first_at for node in nodes.values())), end=self.now),)
        up = {name: node.up(self.now, self.rules.tolerance) for name, node in nodes.items()}
        served = union(span for spans in up.values() for span in spans)
        lost = subtract(window, served)
        if component in BOUND and len(nodes) > 1:
            lost += tuple(self._stranded(up, window[0], stays))
        return union(lost)

    def _stranded(
        self, up: Mapping[str, Intervals], window: Interval, stays: Sequence[Stay]
    ) -> Iterable[Interval]:
        """Its node was away while another one served: until it comes back, or the browser is seen elsewhere."""
        for name in {stay.node_id for stay in stays} & up.keys():
            for away in subtract((window,), up[name]):
                bound = nodes_of(stays, away.start) & up.keys()
                if name not in bound:
                    continue
                elsewhere = [stay.since for stay in stays if stay.since > away.start and stay.node_id != name]
                ends = (away.end, away.start + self.rules.failover, *elsewhere)
                mine = (Interval(start=away.start, end=min(ends)),)
                yield from subtract(mine, [span for other in bound for span in up[other]])

    def _serving(
        self,
        component: Component,
        nodes: Mapping[str, NodeRecord],
        at: datetime,
        stays: Sequence[Stay],
    ) -> Iterable[str]:
        """Those whose marks count for the attempt; a node that has been away for longer than it takes does not."""
        if component not in BOUND:
            return nodes
        near = [
            name
            for name in nodes_of(stays, at) & nodes.keys()
            if self.now - nodes[name].last_at < self.rules.failover
        ]
        moved = any(stay.since > nodes[name].last_at for name in near for stay in stays)
        return near if near and not moved else nodes


def nodes_of(stays: Sequence[Stay], at: datetime) -> set[str]:
    """The node, or the nodes by turns, that the browser used last before a moment."""
    before = [stay for stay in stays if stay.since <= at]
    if not before:
        return set()
    latest = min(max(stay.until for stay in before), at)
    if at - latest > FORGOTTEN_AFTER:
        return set()
    return {stay.node_id for stay in before if stay.until >= latest - LAST_USED}
