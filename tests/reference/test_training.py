"""`make train` from end to end on a small set made here: trained, exported, measured, registered, and loaded again."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from ml.yolo import OpenVinoObjects
from schema.registry.card import RegistryCard
from workers.__main__ import app

pytest.importorskip("ultralytics", reason="the reference environment is not this one: make test-reference")

SIDE = 96


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var" / "lake"


def phones(folder: Path) -> Path:
    """Dark rectangles on noise."""
    noise = np.random.default_rng(1)
    for part in ("train", "val"):
        (folder / "images" / part).mkdir(parents=True)
        (folder / "labels" / part).mkdir(parents=True)
        for number in range(4):
            picture = noise.integers(90, 255, (SIDE, SIDE, 3), dtype=np.uint8)
            picture[20:80, 30:60] = 10
            cv2.imwrite(str(folder / "images" / part / f"{number}.jpg"), picture)
            (folder / "labels" / part / f"{number}.txt").write_text("1 0.469 0.521 0.313 0.625\n")
    names = "names:\n  0: badge\n  1: cell phone\n"
    (folder / "data.yaml").write_text(f"train: images/train\nval: images/val\n{names}")
    return folder


def train(*words: object) -> Result:
    return CliRunner().invoke(app, ["models", "train", *map(str, words), "--python", sys.executable])


@pytest.mark.timeout(300)
def test_from_pictures_to_a_registered_model(lake: Path, tmp_path: Path) -> None:
    done = train(phones(tmp_path / "phones"), "--base", "yolo11n.yaml", "--epochs", 1, "--side", SIDE)

    assert done.exit_code == 0, done.output
    folder = lake / "ml" / "models" / "objects"
    card = RegistryCard.model_validate_json((folder / "model_v1.json").read_bytes())
    loaded = OpenVinoObjects(folder / "model_v1_openvino")
    assert loaded.card.sha256 == card.model.sha256
    assert loaded.sightings(np.zeros((480, 640, 3), np.uint8)) == ()
    assert card.origin.source == "trained from yolo11n.yaml untrained on phones (4 pictures, 1 epochs)"
    assert {"precision", "recall", "mAP50"} <= set(card.origin.metrics)
    assert (folder / "model_v1.pt").stat().st_size > 1_000_000
    assert {file.name for file in card.files} >= {".pt", "_openvino/metadata.yaml"}


def test_what_cannot_be_trained_is_said_before_it_begins(lake: Path, tmp_path: Path) -> None:
    folder = phones(tmp_path / "phones")
    nothing = train(folder, "--epochs", 1)
    away = train(folder, "--base", "yolo11n.pt")
    crooked = train(folder, "--base", "yolo11n.yaml", "--side", 100)
    (folder / "data.yaml").write_text("train: images/train\nnames:\n  0: cell phone\n  1: badge\n")
    no_val = train(folder, "--base", "yolo11n.yaml", "--side", SIDE)

    assert "has no weights (.pt) to go on from" in nothing.output
    assert "--base yolo11n.pt: there is no such file; nothing is downloaded" in away.output
    assert "--side 100 must be a multiple of 32" in crooked.output
    assert "`val` must name a folder of pictures" in no_val.output
    assert {one.exit_code for one in (nothing, away, crooked, no_val)} == {1}
    assert not lake.exists()
