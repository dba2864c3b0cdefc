"""Signs that the browser reports: tab hidden, focus lost, fullscreen left, text pasted."""

from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, SEEN, Verdict
from ml.engine.stream import SHADOW
from schema.record import BrowserEventKind


def tab_hidden(scene: Scene) -> Verdict | None:
    """From the tab's being hidden to its being visible again."""
    return _between(scene, BrowserEventKind.TAB_HIDDEN, BrowserEventKind.TAB_VISIBLE)


def fullscreen_left(scene: Scene) -> Verdict | None:
    """From leaving fullscreen to entering it again."""
    return _between(scene, BrowserEventKind.FULLSCREEN_EXIT, BrowserEventKind.FULLSCREEN_ENTER)


def text_pasted(scene: Scene) -> Verdict | None:
    """Something was pasted."""
    return SEEN if scene.now.event is BrowserEventKind.PASTE else None


def focus_lost(scene: Scene) -> Verdict | None:
    """From losing the focus to gaining it; a hidden tab loses it too, and then it is only the tab's shadow."""
    if scene.now.event is BrowserEventKind.TAB_HIDDEN:
        return CLEAR
    if scene.now.event is BrowserEventKind.FOCUS_LOST and _is_shadow(scene):
        return None
    return _between(scene, BrowserEventKind.FOCUS_LOST, BrowserEventKind.FOCUS_GAINED)


def _is_shadow(scene: Scene) -> bool:
    stream = scene.stream
    just_hidden = stream.hidden_at is not None and abs(scene.now.at - stream.hidden_at) <= SHADOW
    return stream.hidden or just_hidden


def _between(scene: Scene, begin: BrowserEventKind, end: BrowserEventKind) -> Verdict | None:
    if scene.now.event is begin:
        return SEEN
    return CLEAR if scene.now.event is end else None
