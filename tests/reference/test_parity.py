"""Our lean runtime sees what the vendors' own runtimes see; runs in `.venv-reference` (`make test-reference`).

Tolerances, as fractions of the picture's sides and of a score of 1: MediaPipe and OpenVINO round the same
model's half-precision weights differently, so faces agree to 0.02 in score and 0.01 in place; Ultralytics
runs the same OpenVINO graph, so things agree to 0.002 in both.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ml.build import Analysts, build_detectors
from ml.clip import frames
from ml.detector import FACE_FLOOR, Detectors
from ml.face import OpenVinoFaces
from ml.frame import Pixels, decode
from ml.model_store import FaceModelMissing, ModelStore
from ml.reference import MediaPipeFaces
from ml.yolo import OpenVinoObjects
from schema.detection import Box, Face, Sighting
from schema.incident import DetectionPolicy, IncidentKind
from schema.record import Record, RecordKind
from schema.settings import Settings
from tests.ml.builder import ATTEMPT, STREAM, moment

pytest.importorskip("mediapipe", reason="the reference environment is not this one: make test-reference")
pytest.importorskip("ultralytics", reason="the reference environment is not this one: make test-reference")

FACE_SCORE, FACE_PLACE = 0.02, 0.01
THING = 0.002
COUNTED = 0.6  # DetectionPolicy.face_score


@pytest.fixture(scope="module")
def media() -> Path:
    folder = Settings().sample_media_dir
    if not (folder / "images").is_dir():
        pytest.skip(f"no sample media in {folder}: set SAMPLE_MEDIA_DIR")
    return folder


@pytest.fixture(scope="module")
def store() -> ModelStore:
    settings = Settings()
    found = ModelStore(settings.models_dir, settings.sample_media_dir)
    try:
        found.face_model()
    except FaceModelMissing as error:
        pytest.skip(str(error))
    if found.yolo_folder() is None:
        pytest.skip("no YOLO model: set SAMPLE_MEDIA_DIR or MODELS_DIR")
    return found


@pytest.fixture(scope="module")
def lean(store: ModelStore) -> Detectors:
    """Ours, at the size the model was exported for, which is what Ultralytics runs."""
    folder = store.yolo_folder()
    assert folder is not None
    return Detectors(OpenVinoFaces(store.face_model()), OpenVinoObjects(folder, native=True))


@pytest.fixture(scope="module")
def vendors(store: ModelStore) -> Iterator[Detectors]:
    detectors = build_detectors(store, "reference")
    yield detectors
    assert isinstance(detectors.faces, MediaPipeFaces)
    detectors.faces.close()


def pictures(media: Path) -> Iterator[tuple[str, Pixels]]:
    for path in sorted((media / "images").glob("*.jpg")):
        pixels = decode(path.read_bytes())
        assert pixels is not None, path.name
        yield path.name, pixels


def sides(box: Box) -> list[float]:
    return [box.left, box.top, box.right, box.bottom]


def places(face: Face) -> list[float]:
    return [*sides(face.box), *(side for point in face.keypoints for side in (point.x, point.y))]


def from_the_left(faces: tuple[Face, ...]) -> list[Face]:
    return sorted((face for face in faces if face.score >= COUNTED), key=lambda face: face.box.left)


def in_order(sightings: tuple[Sighting, ...]) -> list[Sighting]:
    return sorted(sightings, key=lambda s: (s.thing, -s.score))


def test_the_same_faces_in_every_picture(lean: Detectors, vendors: Detectors, media: Path) -> None:
    compared = 0
    for name, pixels in pictures(media):
        ours, theirs = from_the_left(lean.faces.faces(pixels)), from_the_left(vendors.faces.faces(pixels))
        assert len(ours) == len(theirs), name
        for one, other in zip(ours, theirs, strict=True):
            assert one.score == pytest.approx(other.score, abs=FACE_SCORE), name
            assert places(one) == pytest.approx(places(other), abs=FACE_PLACE), name
            compared += 1
    assert compared >= 30
    assert FACE_FLOOR < COUNTED


def test_the_same_things_in_every_picture(lean: Detectors, vendors: Detectors, media: Path) -> None:
    assert lean.objects is not None
    assert vendors.objects is not None
    compared = 0
    for name, pixels in pictures(media):
        ours, theirs = in_order(lean.objects.sightings(pixels)), in_order(vendors.objects.sightings(pixels))
        assert [s.thing for s in ours] == [s.thing for s in theirs], name
        for one, other in zip(ours, theirs, strict=True):
            assert one.score == pytest.approx(other.score, abs=THING), name
            assert sides(one.box) == pytest.approx(sides(other.box), abs=THING), name
            compared += 1
    assert compared >= 50


def test_the_same_incidents_on_a_clip(store: ModelStore, vendors: Detectors, media: Path) -> None:
    shown = frames(media / "clips" / "bird.mkv", every=6)
    records = [
        Record(n, RecordKind.FRAME, STREAM, n, moment(n), moment(n), jpeg) for n, jpeg in enumerate(shown)
    ]
    found = [
        [(c.change, c.incident.kind, c.incident.started_at) for c in analysts.changes]
        for analysts in (
            Analysts(detectors).watcher(ATTEMPT, DetectionPolicy()).analyse(None, records)
            for detectors in (build_detectors(store), vendors)
        )
    ]
    assert found[0] == found[1]
    assert found[0][0][1] is IncidentKind.MULTIPLE_FACES
