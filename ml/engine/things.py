"""Signs of things that the exam forbids."""

from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, Verdict


def forbidden_thing(scene: Scene) -> Verdict | None:
    """A forbidden thing, in frames that the object detector looked at; as sure as the best of them."""
    if scene.now.detections is None or scene.now.detections.sightings is None:
        return None
    return Verdict(True, scene.forbidden[0].score) if scene.forbidden else CLEAR
