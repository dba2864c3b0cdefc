"""Whether all attempts are to be looked at for what they lost, or were since anything changed. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from schema.outage.service import STALE_FOR, NodeRecord, Rules

SETTLES_IN = timedelta(minutes=1)  # several looks after whatever was lost is over

Nodes = Mapping[tuple[str, str], NodeRecord]  # by component and name
Picture = frozenset[tuple[tuple[str, str], datetime | None]]  # when those that are silent marked last


class SweepMemory:
    """What one process saw of the nodes when it looked at all attempts last; a new process looks once."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._seen: Picture = frozenset()
        self._next: Picture | None = None

    def is_due(self, nodes: Nodes, now: datetime) -> bool:
        """Whether a node has left others alone to serve, and what that took may not be written down yet.

        Browsers may take the failover's time to reach another node, and only then is it known what they lost.
        """
        since = now - self._rules.tolerance
        recent = {name: node for name, node in nodes.items() if node.last_at > now - STALE_FOR}
        silent = {name: node.last_at for name, node in recent.items() if node.last_at < since}
        serving = [node.first_at for name, node in recent.items() if name not in silent]
        picture = frozenset((name, silent.get(name)) for name in recent) if silent else frozenset()
        is_settled = all(at < now - SETTLES_IN - self._rules.failover for at in silent.values()) and all(
            at < now - SETTLES_IN for at in serving
        )
        self._next = picture if is_settled else None
        return bool(silent) and (not is_settled or picture != self._seen)

    def done(self) -> None:
        """All attempts were looked at."""
        if self._next is not None:
            self._seen = self._next
