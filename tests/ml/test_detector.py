"""Faces and things in real pictures, by the lean runtime."""

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openvino
import pytest

from ml.boxes import clusters, overlaps
from ml.build import build_detectors, load_objects
from ml.detector import FACE_FLOOR, Detectors
from ml.frame import Pixels, decode
from ml.model_store import ModelStore, ModelUnreadable
from ml.runtime import read
from ml.yolo import OpenVinoObjects
from ml.yolo_graph import cells, reshape_for
from schema.detection import Sighting, Thing
from tests.ml.builder import MODERATE

# One face, facing the camera at a webcam's distance in fair light.
WEBCAM_FACES = (
    "asl_again_0.jpg",
    "asl_book_43.jpg",
    "hp_male_0.jpg",
    "astronaut.jpg",
    "partial_face.jpg",
    "ai-face.jpg",
)
NOBODY = ("onebyone_0.jpg", "people_det_22.jpg", "coffee.jpg", "cat_chelsea.jpg", "black.jpg")


@pytest.fixture(scope="session")
def detectors(store: ModelStore, yolo: Path) -> Detectors:
    return build_detectors(store)


@pytest.fixture
def image(media: Path) -> "Image":
    return Image(media / "images")


class Image:
    """Pictures by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str) -> Pixels:
        pixels = decode((self.folder / name).read_bytes())
        assert pixels is not None
        return pixels

    def labels(self) -> list[dict[str, str]]:
        with (self.folder / "labels.csv").open(encoding="utf-8", newline="") as rows:
            return list(csv.DictReader(rows))


def count(sightings: tuple[Sighting, ...], thing: Thing, score: float) -> int:
    return sum(s.thing is thing and s.score >= score for s in sightings)


@pytest.mark.parametrize("name", WEBCAM_FACES)
def test_one_face_is_one_face_with_its_points_inside(detectors: Detectors, image: Image, name: str) -> None:
    [face] = [f for f in detectors.faces.faces(image(name)) if f.score >= MODERATE.face_score]
    eyes, nose, mouth = face.keypoints[:2], face.keypoints[2], face.keypoints[3]
    assert 0 <= face.box.left < face.box.right <= 1
    assert 0 <= face.box.top < face.box.bottom <= 1
    assert eyes[0].x < eyes[1].x
    assert max(eyes[0].y, eyes[1].y) < mouth.y
    assert face.box.left < nose.x < face.box.right


def test_two_faces_are_two(detectors: Detectors, image: Image) -> None:
    for name in ("two_people.jpg", "hp_female-and-male_0.jpg", "hp_female-and-male_55.jpg"):
        assert len(detectors.faces.faces(image(name))) == 2, name


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_is_nobody(detectors: Detectors, image: Image, name: str) -> None:
    assert detectors.objects is not None
    assert not [f for f in detectors.faces.faces(image(name)) if f.score >= MODERATE.face_score]
    sightings = detectors.objects.sightings(image(name))
    assert count(sightings, Thing.PERSON, MODERATE.person_score) == 0
    assert count(sightings, Thing.PHONE, MODERATE.object_score) == 0


def test_faces_come_best_first_from_the_floor_up(detectors: Detectors, image: Image) -> None:
    scores = [face.score for face in detectors.faces.faces(image("demog_pause_24.jpg"))]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= FACE_FLOOR


def test_persons_are_counted_as_people_counted_them(detectors: Detectors, image: Image) -> None:
    assert detectors.objects is not None
    hard = {"classroom_0.jpg", "male_dark05.jpg", "covered_blur.jpg"}
    for row in image.labels():
        if row["file"] not in hard:
            found = detectors.objects.sightings(image(row["file"]))
            assert count(found, Thing.PERSON, MODERATE.person_score) == int(row["persons"]), row["file"]


def test_phones_are_seen_in_hand_and_on_the_floor(detectors: Detectors, image: Image) -> None:
    assert detectors.objects is not None
    for name in ("phone_floor_105.jpg", "male_drawnphone_80.jpg", "male_drawnphone_40.jpg"):
        found = detectors.objects.sightings(image(name))
        assert count(found, Thing.PHONE, MODERATE.object_score) == 1, name


def test_the_graph_at_a_webcams_size_sees_what_the_exported_one_sees(yolo: Path, image: Image) -> None:
    native, webcam = OpenVinoObjects(yolo, native=True), OpenVinoObjects(yolo)
    assert (native.card.name, webcam.card.name) == ("yolo yolo11n 640x640", "yolo yolo11n 480x640")
    for name in ("asl_book_0.jpg", "male_640x480.jpg", "asl_bird_0.jpg"):
        [first, *_], [second, *_] = native.sightings(image(name)), webcam.sightings(image(name))
        sides = [
            (first.box.left, second.box.left),
            (first.box.top, second.box.top),
            (first.box.right, second.box.right),
        ]
        assert first.thing is second.thing is Thing.PERSON
        assert first.score == pytest.approx(second.score, abs=0.05)
        assert all(one == pytest.approx(other, abs=0.02) for one, other in sides)


def test_a_graph_that_cannot_be_reshaped_says_so(yolo: Path, store: ModelStore) -> None:
    assert reshape_for(read(next(yolo.glob("*.xml"))), 480, 640)
    assert not reshape_for(read(next(yolo.glob("*.xml"))), 479, 640)
    assert not reshape_for(read(store.face_model()), 480, 640)
    assert cells(640, 640) == 8400


def test_a_graph_of_another_kind_runs_at_its_own_size(tmp_path: Path, yolo: Path) -> None:
    ops = openvino.opset13
    taken = ops.parameter([1, 3, 64, 64], np.float32, name="x")
    summed = ops.reduce_mean(taken, ops.constant([2, 3]), keep_dims=False)
    rows = ops.multiply(
        ops.unsqueeze(ops.concat([summed] * 28, axis=1), ops.constant(2)), ops.constant(np.float32(0.01))
    )
    openvino.save_model(openvino.Model([rows], [taken], "other"), tmp_path / "other.xml")
    detector = OpenVinoObjects(tmp_path)
    assert detector.card.name == "yolo other 64x64"
    assert detector.sightings(np.zeros((480, 640, 3), np.uint8)) == ()


def test_clusters_keep_the_best_and_those_that_overlap_it() -> None:
    boxes = np.array([[0, 0, 1, 1], [0, 0, 1, 0.9], [2, 2, 3, 3]], np.float32)
    scores = np.array([0.5, 0.9, 0.7], np.float32)
    assert [list(members) for members in clusters(boxes, scores, 0.5)] == [[1, 0], [2]]
    assert overlaps(boxes[0], boxes).tolist() == pytest.approx([1.0, 0.9, 0.0])


def test_an_export_is_read_by_the_names_of_its_classes(
    yolo: Path, tmp_path: Path, image: Callable[[str], Pixels]
) -> None:
    renamed = tmp_path / "export"
    shutil.copytree(yolo, renamed)
    text = (renamed / "metadata.yaml").read_text()
    (renamed / "metadata.yaml").write_text(text.replace("  0: person", "  0: book"))
    found = load_objects(renamed).sightings(image("astronaut.jpg"))
    (renamed / "metadata.yaml").write_text(re.sub(r"^(  \d+): .+$", r"\1: thing", text, flags=re.MULTILINE))

    assert found[0].thing is Thing.BOOK
    with pytest.raises(
        ModelUnreadable, match="its classes have none of person, cell phone, book, tv, laptop"
    ):
        load_objects(renamed)
