"""Signs of a camera that shows nothing: its track ended, it is silent, its picture is blocked; or the light is low."""

from ml.counting import faces_of
from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, SEEN, Verdict
from schema.detection import Detections
from schema.incident import DetectionPolicy
from schema.record import BrowserEventKind, ConnectionFactKind

# A picture that moves this much (mean grey difference) comes from a camera that runs; a frozen one is exactly still.
ALIVE = 0.05
# Contrast falls with the light and sharpness with its square: below this mean grey, both are judged as if it were lit.
LIT = 100.0
# Of `dark_brightness`: below it a picture is black; up to there it is a dark room if anything can be made out in it.
PITCH_DARK = 0.4


def track_ended(scene: Scene) -> Verdict | None:
    """The browser says that the camera's track ended, until there is a picture again.

    A camera that was opened and shows nothing yet is the same trouble still: its first picture proves that it runs.
    Where nothing was said of its being opened, a moving picture does.
    """
    if scene.now.event is BrowserEventKind.TRACK_ENDED:
        return SEEN
    seen = scene.now.detections
    if seen is None:
        return None
    started_at = scene.stream.track_started_at
    is_new = started_at is not None and scene.now.at >= started_at and not is_blocked(seen, scene.policy)
    return CLEAR if is_new or seen.picture.motion > ALIVE else None


def silence(scene: Scene) -> Verdict | None:
    """No frame for longer than the limit from a browser that is there: the server says so, or it reports other things.

    A report counts by when it was made: one that a slow network held up lies before the frames that come after it. Once
    the socket is gone it is connection_lost's matter. A wish for more frames says nothing of those that came.
    """
    now = scene.now
    fact = None if now.fact is None else now.fact.kind
    if fact is ConnectionFactKind.PACED:
        return None
    if now.is_frame or fact not in {None, ConnectionFactKind.QUIET}:
        return CLEAR
    heard_at = scene.stream.heard_at
    spoke_at = now.at if now.fact is None else now.received_at
    if heard_at is None or spoke_at - heard_at <= scene.silence_limit:
        return None
    return Verdict(True, since=heard_at)


def blocked_picture(scene: Scene) -> Verdict | None:
    """A dark, flat or blurred picture, or a frame that is no picture at all."""
    if not scene.now.is_frame:
        return None
    seen = scene.now.detections
    if seen is None:
        return SEEN
    shortfall = _shortfall(seen, scene.policy)
    return Verdict(True, 0.5 + 0.5 * shortfall) if shortfall > 0 else CLEAR


def low_light(scene: Scene) -> Verdict | None:
    """Darker than faces are found reliably in, and not yet blocked."""
    seen = scene.now.detections
    if seen is None or is_blocked(seen, scene.policy):
        return None
    return SEEN if seen.picture.brightness < scene.policy.low_light_brightness else CLEAR


def camera_turned(scene: Scene) -> Verdict | None:
    """The camera stands on its side or its head, or points elsewhere than when somebody was seen."""
    seen = scene.now.detections
    if seen is None:
        return None
    return SEEN if seen.quarters or seen.is_elsewhere else CLEAR


def is_blocked(seen: Detections, policy: DetectionPolicy) -> bool:
    """True where the picture is dark, flat or blurred beyond the exam's thresholds; one that shows a face never is."""
    return _shortfall(seen, policy) > 0


def _shortfall(seen: Detections, policy: DetectionPolicy) -> float:
    """How far the worst measure falls short of its threshold: 0 (not at all) to 1 (entirely)."""
    if seen.quarters or faces_of(seen, policy):
        return 0.0
    picture, light = seen.picture, min(1.0, seen.picture.brightness / LIT)
    measures = (
        (picture.brightness, policy.dark_brightness * PITCH_DARK),
        (picture.contrast, policy.flat_contrast * light),
        (picture.sharpness, policy.blurred_sharpness * light**2),
    )
    return max((1 - measure / limit if measure < limit else 0.0) for measure, limit in measures)
