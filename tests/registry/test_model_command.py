"""`python -m workers models …`: what an operator types and reads, from the first fetch to a rollback."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ml.model_store import FACE_FILE, ModelStore
from tests.registry.model import nudged
from workers.__main__ import app


@pytest.fixture
def lake(tmp_path: Path, store: ModelStore, yolo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    models = tmp_path / "models"
    (models / FACE_FILE).parent.mkdir(parents=True)
    (models / FACE_FILE).write_bytes(store.face_model().read_bytes())
    (models / yolo.name).symlink_to(yolo)
    for name, value in {"VAR_DIR": tmp_path / "var", "MODELS_DIR": models, "COLUMNS": 300}.items():
        monkeypatch.setenv(name, str(value))
    return tmp_path / "var" / "lake"


def models(*words: object) -> Result:
    return CliRunner().invoke(app, ["models", *(str(word) for word in words)])


def done(*words: object) -> str:
    result = models(*words)
    assert result.exit_code == 0, result.output
    return result.output


def test_fetch_add_promote_and_roll_back(lake: Path, yolo: Path, tmp_path: Path) -> None:
    assert "Nothing is registered" in done("list")
    fetched = done("fetch")
    about = ("--source", "our phones", "--licence", "AGPL-3.0", "--thresholds", "moderate.object_score=0.35")
    added = done("add", "objects", nudged(yolo, tmp_path / "two", 7), *about)
    promoted = done("promote", "objects", 2, "--reason", "more phones")
    listed = done("list")
    back = done("rollback", "objects")
    nothing = models("rollback", "objects")

    assert "faces version 1: mediapipe" in fetched
    assert "objects version 2: yolo" in added
    assert "Attempts that are reserved or running keep" in promoted
    assert "our phones" in listed
    assert "objects version 1" in back
    assert nothing.exit_code == 1
    assert "nothing to go back to" in nothing.output
    assert (lake / "ml/models/objects/model_v2_openvino").is_dir()
    assert '"object_score": 0.35' in (lake / "ml/models/objects/model_v2.json").read_text()


def test_what_is_no_model_is_refused_in_words(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    about = ("--source", "s", "--licence", "l")

    no_export = models("add", "objects", tmp_path / "empty", *about)
    no_score = models("add", "objects", tmp_path / "empty", *about, "--thresholds", "moderate.phones=2")
    no_version = models("promote", "objects", 7)

    assert "is no OpenVINO export" in no_export.output
    assert "'moderate.phones=2' is no threshold" in no_score.output
    assert "the registry has no objects version 7" in no_version.output
    assert {no_export.exit_code, no_score.exit_code, no_version.exit_code} == {1}
    assert not lake.exists()


def test_figures_go_onto_the_card(lake: Path, media: Path, tmp_path: Path) -> None:
    done("fetch")
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(next((media / "images").glob("*.jpg")), data / "one.jpg")
    (data / "streams.csv").write_text("file,kind\none.jpg,none\n")

    said = done("evaluate", "objects", 1, "--data", data)
    (data / "streams.csv").unlink()
    nothing = models("evaluate", "objects", 1, "--data", data)

    assert "| objects version 1 | moderate |" in said
    assert '"material": "data"' in (lake / "ml/models/objects/model_v1.json").read_text()
    assert nothing.exit_code == 1
    assert "must hold exactly one CSV" in nothing.output
