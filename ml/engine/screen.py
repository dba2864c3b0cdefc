"""Signs of a screen that is to be shared and is not: the browser says so, or nothing of it comes."""

from datetime import timedelta

from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, SEEN, Verdict
from schema.record import BrowserEventKind, ConnectionFactKind

GRACE = timedelta(minutes=1)  # in which a student finds the button and chooses the screen
SILENT_INTERVALS = 5
_GONE = {ConnectionFactKind.CLOSED, ConnectionFactKind.SERVER_RESTARTED, ConnectionFactKind.ENDED}


def sharing_ended(scene: Scene) -> Verdict | None:
    """From when the browser says that sharing ended until there is a picture of the screen again."""
    if scene.now.event is BrowserEventKind.SCREEN_ENDED:
        return SEEN
    return CLEAR if scene.now.is_screen else None


def screen_silent(scene: Scene) -> Verdict | None:
    """No picture of the screen from a browser that sends the camera's; a lost connection is another matter."""
    now, since = scene.now, scene.stream.screen_at
    if now.is_screen or (now.fact is not None and now.fact.kind in _GONE):
        return CLEAR
    limit = max(GRACE, SILENT_INTERVALS * scene.policy.screen_interval)
    if not now.is_frame or since is None or now.received_at - since <= limit:
        return None
    return Verdict(True, since=since)
