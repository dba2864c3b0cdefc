"""Quality and motion of pictures."""

from pathlib import Path

import numpy as np

from ml.frame import Pixels, decode
from ml.picture import measure
from schema.detection import Picture


def flat(grey: int) -> Pixels:
    return np.full((480, 640, 3), grey, np.uint8)


def test_a_flat_picture_has_light_and_nothing_else() -> None:
    picture, _ = measure(flat(100), None)
    assert picture == Picture(brightness=100, contrast=0, sharpness=0, motion=0)


def test_motion_is_the_mean_difference_of_grey() -> None:
    _, before = measure(flat(100), None)
    moved, thumbnail = measure(flat(112), before)
    assert moved.motion == 12
    assert measure(flat(112), thumbnail)[0].motion == 0


def test_covered_and_dark_pictures_stand_apart_from_usual_ones(media: Path) -> None:
    def of(name: str) -> Picture:
        pixels = decode((media / "images" / name).read_bytes())
        assert pixels is not None
        return measure(pixels, None)[0]

    usual = [of(name) for name in ("asl_book_0.jpg", "astronaut.jpg", "male_640x480.jpg")]
    assert of("black.jpg").brightness < 10 < 80 < min(picture.brightness for picture in usual)
    assert of("covered_blur.jpg").sharpness < 10 < 50 < min(picture.sharpness for picture in usual)
    assert of("black.jpg").contrast < 4 < 40 < min(picture.contrast for picture in usual)
