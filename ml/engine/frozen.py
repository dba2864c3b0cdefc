"""Signs of a picture that no camera shows: one that never changes, and one that comes back."""

from ml.engine.camera import is_blocked
from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, SEEN, Verdict


def still(scene: Scene) -> Verdict | None:
    """Not one grey value has changed: a camera's noise changes some, however still a person sits.

    A covered lens may show exact black, and is webcam_disabled.
    """
    seen = scene.now.detections
    if seen is None or is_blocked(seen, scene.policy):
        return None
    return SEEN if seen.picture.motion == 0 else CLEAR


def returned(scene: Scene) -> Verdict | None:
    """The very picture was there before, and others were between."""
    seen = scene.now.detections
    if seen is None or is_blocked(seen, scene.policy):
        return None
    return SEEN if seen.picture.has_returned else CLEAR
