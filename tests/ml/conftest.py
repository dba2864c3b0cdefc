"""Real models and real media, loaded once; a test that needs them skips with a reason where they are absent."""

from pathlib import Path

import pytest

from ml.build import Analysts, build_analysts
from ml.model_store import FaceModelMissing, ModelStore
from schema.settings import Settings


@pytest.fixture(scope="session")
def media() -> Path:
    """The folder of SAMPLE_MEDIA_DIR, with clips/ and images/."""
    folder = Settings().sample_media_dir
    if not (folder / "clips").is_dir() or not (folder / "images").is_dir():
        pytest.skip(f"no sample media in {folder}: set SAMPLE_MEDIA_DIR")
    return folder


@pytest.fixture(scope="session")
def store() -> ModelStore:
    """Where the models are."""
    settings = Settings()
    found = ModelStore(settings.models_dir, settings.sample_media_dir)
    try:
        found.face_model()
    except FaceModelMissing as error:
        pytest.skip(str(error))
    return found


@pytest.fixture(scope="session")
def yolo(store: ModelStore) -> Path:
    """The YOLO folder."""
    folder = store.yolo_folder()
    if folder is None:
        pytest.skip("no YOLO model: object detection is off; set SAMPLE_MEDIA_DIR or MODELS_DIR")
    return folder


@pytest.fixture(scope="session")
def analysts(store: ModelStore, yolo: Path) -> Analysts:
    """The real thing, on the lean runtime."""
    return build_analysts(store)
