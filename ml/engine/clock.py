"""The sign of a browser whose times cannot be; the API node says so, and uses the times of arrival meanwhile."""

from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, SEEN, Verdict
from schema.record import ConnectionFactKind

_OVER = {ConnectionFactKind.CLOCK_RIGHT, ConnectionFactKind.CLOSED, ConnectionFactKind.SERVER_RESTARTED}


def clock_wrong(scene: Scene) -> Verdict | None:
    """From the first time that cannot be until times are right again, or the connection ends."""
    fact = scene.now.fact
    if fact is None:
        return None
    if fact.kind is ConnectionFactKind.CLOCK_WRONG:
        return SEEN
    return CLEAR if fact.kind in _OVER else None
