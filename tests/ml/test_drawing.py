"""Boxes drawn on evidence."""

import numpy as np
import pytest

from ml.drawing import draw_boxes
from ml.frame import decode, encode

GREY = encode(np.full((480, 640, 3), 128, np.uint8))


def test_a_box_is_drawn_where_it_says_and_nowhere_else() -> None:
    pixels = decode(draw_boxes(GREY, [("cell phone", 0.25, 0.25, 0.75, 0.75, 0.9)]))
    assert pixels is not None
    assert pixels.shape == (480, 640, 3)
    changed = np.abs(pixels.astype(int) - 128).max(axis=2) > 40
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max()) == (pytest.approx(120, abs=3), pytest.approx(360, abs=3))
    assert (columns.min(), columns.max()) == (pytest.approx(160, abs=3), pytest.approx(480, abs=3))
    assert not changed[200:300, 300:400].any()


def test_no_boxes_leave_the_picture_as_it_was() -> None:
    pixels = decode(draw_boxes(GREY, []))
    assert pixels is not None
    assert np.abs(pixels.astype(int) - 128).max() <= 1


def test_a_box_beyond_the_edge_is_no_error() -> None:
    assert draw_boxes(GREY, [("face", -0.5, 0.0, 1.5, 2.0, 0.5)]).startswith(b"\xff\xd8")


def test_a_broken_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="does not decode"):
        draw_boxes(b"no picture", [])
