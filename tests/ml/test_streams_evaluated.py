"""`python -m ml evaluate` on a folder of somebody's own: what is read, what is counted, what is written."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ml.__main__ import app
from ml.clip import frames
from ml.evaluation.material import BadMaterial, streams_in
from ml.evaluation.tally import count_interval, share_interval
from ml.model_store import ModelStore
from schema.incident import IncidentKind


def a_folder(folder: Path, rows: str, **films: list[bytes]) -> Path:
    """A folder of frames for each film, and a CSV."""
    for name, shown in films.items():
        (folder / name).mkdir()
        for number, jpeg in enumerate(shown):
            (folder / name / f"{number:03}.jpg").write_bytes(jpeg)
    (folder / "intervals.csv").write_text(rows)
    return folder


def test_a_folder_is_evaluated_and_each_mistake_pictured(
    tmp_path: Path, media: Path, store: ModelStore, yolo: Path
) -> None:
    calm = frames(media / "clips" / "sister.mkv", every=10)[:8]
    rows = (
        "file,kind,start_s,end_s,brightness,size,group\n"
        "honest,,,,bright,,women\n"
        "nobody,face_absent,0,8,bright,,empty\n"
        "nobody,forbidden_object,2,6,bright,80 px,empty\n"
    )
    empty = frames(media / "clips" / "one-by-one-person-detection.mp4", every=8)[:8]
    folder = a_folder(tmp_path, rows, honest=calm, nobody=empty)

    done = CliRunner().invoke(
        app,
        ["evaluate", str(folder), "--preset", "moderate", "--out", str(tmp_path / "out")],
        env={"VAR_DIR": str(tmp_path / "var"), "COLUMNS": "200"},
    )

    assert done.exit_code == 0, done.output
    said = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    found = {(row["kind"], row["by"], row["part"]): row for row in said["figures"]}
    absent = found["face_absent", "all", ""]
    assert (absent["found"], absent["missed"], absent["false"]) == (1, 0, 0)
    assert absent["hours"] == pytest.approx(16 / 3600)
    assert absent["opened_after_s"] == 1.0
    assert found["forbidden_object", "size", "80 px"]["missed"] == 1
    assert ("face_absent", "group", "empty") in found
    assert said["costs"][0]["frame_ms"] > 0
    page = (tmp_path / "out" / "evaluation.html").read_text()
    assert "missed forbidden_object from 2 to 6 s 80 px" in page
    assert page.count("data:image/jpeg;base64,") == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("file,kind,start_s,end_s\ngone.mp4,,,\n", "gone.mp4 is neither a video"),
        ("file,kind,start_s,end_s\nfilm,phone,1,2\n", "line 2: 'phone' is not a valid IncidentKind"),
        ("name\nfilm\n", "needs a column `file`"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, rows: str, said: str) -> None:
    folder = a_folder(tmp_path, rows, film=[b"jpeg"])
    with pytest.raises(BadMaterial, match=said):
        streams_in(folder)


def test_a_stream_without_a_kind_is_innocent(tmp_path: Path) -> None:
    rows = "file,kind,start_s,end_s\na,,,\nb,multiple_faces,3,\n"
    first, second = streams_in(a_folder(tmp_path, rows, a=[b"1"], b=[b"2"]))
    assert first.expected == ()
    assert [(e.kind, e.start, e.end) for e in second.expected] == [
        (IncidentKind.MULTIPLE_FACES, 3.0, float("inf"))
    ]


def test_intervals_are_those_of_the_books() -> None:
    """Wilson's for 8 of 20; the exact Poisson ones for 0 and 8 events."""
    assert share_interval(8, 20) == pytest.approx((0.2188, 0.6134), abs=1e-4)
    assert count_interval(0) == pytest.approx((0.0, 3.6889), abs=1e-3)
    assert count_interval(8) == pytest.approx((3.4538, 15.7632), abs=1e-3)
