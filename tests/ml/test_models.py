"""Getting the models, and running without them."""

import shutil
import sys
from pathlib import Path

import pytest

from ml import face_wheel, models, yolo_export
from ml.build import build_analysts
from ml.model_store import FACE_FILE, YOLO_FOLDER, FaceModelMissing, ModelStore


@pytest.fixture
def own(tmp_path: Path, store: ModelStore) -> Path:
    """A models folder with nothing but the face model."""
    target = tmp_path / "models" / FACE_FILE
    target.parent.mkdir(parents=True)
    shutil.copy(store.face_model(), target)
    return tmp_path / "models"


def test_without_a_face_model_nothing_can_be_watched(tmp_path: Path) -> None:
    with pytest.raises(FaceModelMissing, match="make models"):
        build_analysts(ModelStore(tmp_path))


def test_without_yolo_weights_object_detection_is_off(own: Path) -> None:
    analysts = build_analysts(ModelStore(own))
    assert not analysts.object_detection
    assert [card.name for card in analysts.models] == ["mediapipe face_detection_full_range_sparse"]


def test_with_both_it_is_on_and_every_model_has_its_hash(own: Path, yolo: Path) -> None:
    shutil.copytree(yolo, own / YOLO_FOLDER)
    analysts = build_analysts(ModelStore(own))
    assert analysts.object_detection
    assert all(
        len(card.sha256) == 64 and card.sha256[:12] in analysts.model_version for card in analysts.models
    )


def test_ones_own_folder_comes_before_the_samples(tmp_path: Path, own: Path, yolo: Path) -> None:
    samples = tmp_path / "samples"
    shutil.copytree(yolo, samples / "models" / YOLO_FOLDER)
    assert ModelStore(own, samples).yolo_folder() == samples / "models" / YOLO_FOLDER
    shutil.copytree(yolo, own / YOLO_FOLDER)
    assert ModelStore(own, samples).yolo_folder() == own / YOLO_FOLDER


def test_an_empty_yolo_folder_is_none(own: Path) -> None:
    (own / YOLO_FOLDER).mkdir()
    assert ModelStore(own).yolo_folder() is None


def test_another_file_in_the_face_models_place_is_not_taken_for_it(own: Path) -> None:
    assert face_wheel.is_in_place(own)
    (own / FACE_FILE).write_bytes(b"something else")
    assert not face_wheel.is_in_place(own)


def run(monkeypatch: pytest.MonkeyPatch, own: Path, *arguments: str) -> int:
    monkeypatch.setenv("MODELS_DIR", str(own))
    monkeypatch.setenv("SAMPLE_MEDIA_DIR", str(own / "nothing"))
    monkeypatch.setattr(sys, "argv", ["ml.models", *arguments])
    return models.main()


def test_the_command_says_loudly_that_object_detection_is_off(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own: Path
) -> None:
    assert run(monkeypatch, own) == 0
    assert "Object detection is OFF" in capsys.readouterr().out


def test_an_export_that_was_asked_for_and_failed_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own: Path
) -> None:
    assert run(monkeypatch, own, "--export-yolo", "--python", "/bin/false") == 1
    told = capsys.readouterr()
    assert "Object detection is OFF" in told.out
    assert "could not export" in told.err


def test_an_export_is_put_in_place_whole(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(
        f"#!/bin/sh\nmkdir {YOLO_FOLDER} && touch {YOLO_FOLDER}/yolo11n.xml {YOLO_FOLDER}/yolo11n.bin\n"
    )
    python.chmod(0o755)
    yolo_export.export(tmp_path / "models", python)
    made = ModelStore(tmp_path / "models").yolo_folder()
    assert made is not None
    assert sorted(path.name for path in made.iterdir()) == ["yolo11n.bin", "yolo11n.xml"]
    assert [path.name for path in (tmp_path / "models").iterdir()] == [YOLO_FOLDER.name], (
        "nothing else is left"
    )
