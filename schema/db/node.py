"""Which host of a cluster a schema's connections go to: the same for every process, another while that one fails."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

REST = timedelta(seconds=5)
RETURN_AFTER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Node:
    """One server of the database."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Nodes:
    """A schema's hosts in the order they are tried. One that failed rests, so that nobody waits for it twice."""

    def __init__(self, nodes: Sequence[Node], clock: Callable[[], float] = time.monotonic) -> None:
        self._nodes = tuple(nodes)
        self._clock = clock
        self._rests_until: dict[Node, float] = {}

    @property
    def preferred(self) -> Node:
        """Where connections go while all is well."""
        return self._nodes[0]

    def in_turn(self) -> tuple[Node, ...]:
        """Those to try now; all, when all of them rest."""
        return tuple(node for node in self._nodes if not self._rests(node)) or self._nodes

    def failed(self, node: Node) -> None:
        """It does not answer, or not as it should."""
        self._rests_until[node] = self._clock() + REST.total_seconds()

    def answered(self, node: Node) -> None:
        """It works."""
        self._rests_until.pop(node, None)

    def is_left_for_better(self, node: Node, connected_for: timedelta) -> bool:
        """Whether a connection to this node should give way to one to the preferred node."""
        return node != self.preferred and connected_for > RETURN_AFTER and not self._rests(self.preferred)

    def _rests(self, node: Node) -> bool:
        return self._rests_until.get(node, 0.0) > self._clock()
