"""Real measures of real faces; the packages of requirements/identity.in are in the reference environment."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ml.detector import FaceDetector
from ml.frame import decode
from ml.identity.dlib_faces import DlibEmbedder
from ml.identity.embedder import FaceEmbedder, distance
from ml.identity.likeness import Likeness, LikenessMemory
from ml.model_store import ModelStore
from schema.settings import Settings
from tests.ml.builder import moment
from tests.ml.embedder_contract import Pictured, holds

pytest.importorskip("dlib", reason="the packages that measure faces are not here: make test-reference")

MAN, MAN_LATER, WOMAN = "hp_male_0.jpg", "hp_male_61.jpg", "hp_female_0.jpg"


@pytest.fixture(scope="module")
def media() -> Path:
    folder = Settings().sample_media_dir
    if not (folder / "images").is_dir():
        pytest.skip(f"no sample media in {folder}: set SAMPLE_MEDIA_DIR")
    return folder / "images"


@pytest.fixture(scope="module")
def faces() -> FaceDetector:
    from ml.build import load_faces

    settings = Settings()
    return load_faces(ModelStore(settings.models_dir, settings.sample_media_dir).face_model())


@pytest.fixture(scope="module")
def embedder() -> FaceEmbedder:
    return DlibEmbedder()


@pytest.fixture(scope="module")
def shown(media: Path, faces: FaceDetector) -> Callable[[str], Pictured]:
    def look(name: str) -> Pictured:
        pixels = decode((media / name).read_bytes())
        assert pixels is not None, name
        return pixels, faces.faces(pixels)[0]

    return look


def test_the_contract(embedder: FaceEmbedder, shown: Callable[[str], Pictured]) -> None:
    holds(embedder, shown(MAN), shown(MAN_LATER), shown(WOMAN))


def test_a_frame_is_compared_with_the_identity_photo(
    embedder: FaceEmbedder, faces: FaceDetector, media: Path, shown: Callable[[str], Pictured]
) -> None:
    likeness = Likeness.of_photo(embedder, faces, (media / MAN).read_bytes())
    found = []
    for name in (MAN_LATER, "astronaut.jpg"):
        pixels, face = shown(name)
        found.append(likeness.look(LikenessMemory(), pixels, (face,), moment(0)))

    same, other = found
    assert same is not None
    assert other is not None
    assert same < 0.55 < 0.6 < other


def test_people_are_further_apart_than_pictures_of_one(
    embedder: FaceEmbedder, shown: Callable[[str], Pictured]
) -> None:
    names = ("hp_male_0.jpg", "hp_female_0.jpg", "astronaut.jpg", "ai-face.jpg")
    measures = [embedder.embed(*shown(name)) for name in names]

    apart = [distance(one, other) for n, one in enumerate(measures) for other in measures[n + 1 :]]

    assert min(apart) > 0.5
