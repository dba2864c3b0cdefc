"""Films: every frame at its own time, in the order of these times, whatever order they came in."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.film.maker import WebmFilm
from schema.ids import new_id
from schema.record import Record, RecordKind

BEGIN = datetime(2026, 12, 1, 9, 0, 0, 250_000, UTC)


def picture(grey: int, size: tuple[int, int] = (640, 480)) -> bytes:
    """A plain one, told apart by its grey."""
    data = cv2.imencode(".jpg", np.full((size[1], size[0], 3), grey, np.uint8))[1]
    return data.tobytes()


def frames(bodies: dict[float, bytes]) -> list[Record]:
    """At these seconds after the beginning."""
    stream = new_id()
    return [
        Record(n, RecordKind.FRAME, stream, n, BEGIN + timedelta(seconds=at), BEGIN, body)
        for n, (at, body) in enumerate(bodies.items(), start=1)
    ]


def seen(path: Path) -> list[tuple[int, int]]:
    """(milliseconds, grey in the middle) of every picture that a player shows."""
    video = cv2.VideoCapture(str(path))
    found: list[tuple[int, int]] = []
    while True:
        is_there, pixels = video.read()
        if not is_there:
            return found
        middle = pixels[pixels.shape[0] // 4, pixels.shape[1] // 2]
        found.append((round(video.get(cv2.CAP_PROP_POS_MSEC)), round(float(middle.mean()) / 10) * 10))


def film_of(folder: Path, parts: Sequence[Sequence[Record]]) -> tuple[Path, int]:
    film = WebmFilm(folder)
    for part in parts:
        film.add(part)
    return film.finish()


def test_frames_are_shown_at_their_own_times_in_order(tmp_path: Path) -> None:
    came = frames({0: picture(200), 1.0: picture(150), 3.25: picture(50), 1.4: picture(100)})

    path, count = film_of(tmp_path, [came[:2], came[2:]])

    assert count == 4
    assert seen(path) == [(0, 200), (1000, 150), (1400, 100), (3250, 50)]


def test_where_nothing_came_a_card_says_so(tmp_path: Path) -> None:
    path, count = film_of(
        tmp_path, [frames({0: picture(200), 60: picture(100), 61: picture(100), 62: picture(100)})]
    )

    assert count == 4
    assert seen(path) == [(0, 200), (5000, 30), (60_000, 100), (61_000, 100), (62_000, 100)]


def test_pictures_that_come_slowly_are_no_silence(tmp_path: Path) -> None:
    path, _ = film_of(tmp_path, [frames({n * 10: picture(100) for n in range(5)})])

    assert [at for at, _ in seen(path)] == [0, 10_000, 20_000, 30_000, 40_000]


def test_two_hours_keep_their_times_and_can_be_sought_in(tmp_path: Path) -> None:
    bodies = {n * 4.8: picture(n % 200, (64, 48)) for n in range(1500)}

    path, count = film_of(tmp_path, [frames(bodies)])
    video = cv2.VideoCapture(str(path))
    video.set(cv2.CAP_PROP_POS_MSEC, 3_600_000)
    video.read()

    assert count == 1500
    assert [at for at, _ in seen(path)] == [round(n * 4800) for n in range(1500)]
    assert video.get(cv2.CAP_PROP_POS_MSEC) == pytest.approx(3_600_000, abs=60_000)


def test_other_proportions_are_fitted_and_what_nobody_reads_is_left_out(tmp_path: Path) -> None:
    path, count = film_of(
        tmp_path, [frames({0: picture(200), 1: picture(100, (480, 640)), 2: b"no picture", 3: b""})]
    )

    assert count == 2
    assert seen(path) == [(0, 200), (1000, 100)]


def test_without_frames_there_is_no_film(tmp_path: Path) -> None:
    path, count = film_of(tmp_path, [[]])

    assert count == 0
    assert not path.exists()
