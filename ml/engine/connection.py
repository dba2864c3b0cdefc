"""The sign of a lost connection: a fact of the network, never a fault of the student's."""

from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, SEEN, Verdict
from schema.record import ConnectionFactKind

_LOST = {ConnectionFactKind.CLOSED, ConnectionFactKind.SERVER_RESTARTED}


def connection_lost(scene: Scene) -> Verdict | None:
    """From the socket's end, or the server's restart, until a socket opens; a frame proves that one did."""
    if scene.now.is_frame:
        return CLEAR
    if scene.now.fact is None:
        return None
    if scene.now.fact.kind in _LOST:
        return SEEN
    return CLEAR if scene.now.fact.kind is ConnectionFactKind.OPENED else None
