"""Signs of a page that is not the exam's, or of a camera that is a program: told to people, never scored."""

from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, SEEN, Verdict


def virtual_camera(scene: Scene) -> Verdict | None:
    """The browser knows the camera's label as that of a program; one that says nothing leaves it as it was."""
    facts = scene.now.facts
    if facts is None or facts.is_virtual is None:
        return None
    return SEEN if facts.is_virtual else CLEAR


def no_visibility(scene: Scene) -> Verdict | None:
    """A picture that does not say whether the page is seen; the exam's page says so with every picture."""
    if not scene.now.is_frame:
        return None
    facts = scene.now.facts
    return SEEN if facts is None or facts.is_visible is None else CLEAR
