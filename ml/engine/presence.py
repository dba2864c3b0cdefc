"""Signs of who is before the camera: nobody, two of them, or someone looking away."""

from ml.engine.camera import is_blocked
from ml.engine.observation import Scene
from ml.engine.sign import CLEAR, SEEN, Verdict

# How sure "no face" is: by whether the object detector looked in this frame, and saw a person.
_SURE_ABSENT, _LIKELY_ABSENT, _TURNED = 0.95, 0.85, 0.7
DOUBT = 0.05  # below the distance of another person: who it is cannot be said
_RIGHT_EYE, _LEFT_EYE, _NOSE = 0, 1, 2


def no_face(scene: Scene) -> Verdict | None:
    """No face in a picture that could show one.

    A blocked picture is webcam_disabled's matter, one in the dark no_face_in_the_dark's, and a turned camera is left
    some time to be turned back.
    """
    seen = scene.now.detections
    if seen is not None and scene.faces:
        return CLEAR
    if seen is None or scene.is_dim or scene.is_turned or is_blocked(seen, scene.policy):
        return None
    if seen.sightings is None:
        return Verdict(True, _LIKELY_ABSENT)
    return Verdict(True, _TURNED if scene.persons else _SURE_ABSENT)


def no_face_in_the_dark(scene: Scene) -> Verdict | None:
    """No face in light in which some people's faces are found less often than others'."""
    seen = scene.now.detections
    if seen is None or (not scene.faces and is_blocked(seen, scene.policy)):
        return None
    return Verdict(True, _LIKELY_ABSENT) if scene.is_dim and not scene.faces else CLEAR


def face_in_the_background(scene: Scene) -> Verdict | None:
    """A face was found to be a picture's: told once, so that somebody looks at it."""
    return SEEN if scene.now.detections is not None and scene.now.detections.is_new_picture else None


def two_faces(scene: Scene) -> Verdict | None:
    """Two or more faces; as sure as the second-best of them."""
    if scene.now.detections is None:
        return None
    return Verdict(True, scene.faces[1].score) if len(scene.faces) > 1 else CLEAR


def two_persons(scene: Scene) -> Verdict | None:
    """Two or more persons, in frames that the object detector looked at; as sure as the second-best of them."""
    if scene.now.detections is None or scene.now.detections.sightings is None:
        return None
    return Verdict(True, scene.persons[1].score) if len(scene.persons) > 1 else CLEAR


def looking_away(scene: Scene) -> Verdict | None:
    """The nose off the middle of the eyes by more than a share of their distance, in the surest face."""
    if not scene.faces:
        return None
    points = scene.faces[0].keypoints
    eyes = points[_LEFT_EYE].x - points[_RIGHT_EYE].x
    middle = (points[_LEFT_EYE].x + points[_RIGHT_EYE].x) / 2
    offset = abs(points[_NOSE].x - middle)
    limit = scene.policy.looking_away_ratio * abs(eyes)
    if offset <= limit:
        return CLEAR
    return Verdict(True, min(1.0, offset / (2 * limit)) if limit else 1.0)


def other_person(scene: Scene) -> Verdict | None:
    """Another face than at check-in; where it was not compared, or lies in between, there is nothing to say."""
    seen = scene.now.detections
    if seen is None or seen.unlikeness is None:
        return None
    limit = scene.policy.other_person_distance
    if seen.unlikeness > limit:
        return Verdict(True, min(1.0, 0.5 + (seen.unlikeness - limit) / 2))
    return CLEAR if seen.unlikeness <= limit - DOUBT else None
