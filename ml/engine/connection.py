"""The sign of a lost connection: a fact of the network, never a fault of the student's."""

from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, SEEN, Verdict
from schema.record import ConnectionFactKind

_LOST = {ConnectionFactKind.CLOSED, ConnectionFactKind.SERVER_RESTARTED}


def records_lost(scene: Scene) -> Verdict | None:
    """Accepted records cannot be read any more: the platform's fault, told once for each place."""
    fact = scene.now.fact
    return SEEN if fact is not None and fact.kind is ConnectionFactKind.RECORDS_LOST else None


def connection_lost(scene: Scene) -> Verdict | None:
    """From the socket's end, or the server's restart, until a socket opens; a frame proves that one did."""
    if scene.now.is_frame:
        return CLEAR
    if scene.now.fact is None:
        return None
    if scene.now.fact.kind in _LOST:
        return SEEN
    return CLEAR if scene.now.fact.kind is ConnectionFactKind.OPENED else None
