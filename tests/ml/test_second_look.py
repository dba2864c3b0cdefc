"""The second look at a doubtful phone."""

import numpy as np
import pytest

from ml.detector import ModelCard
from ml.frame import Pixels
from ml.second_look import look
from schema.detection import Box, Sighting, Thing

PICTURE = np.zeros((480, 640, 3), np.uint8)


def phone(score: float, x: float = 0.5, y: float = 0.5) -> Sighting:
    return Sighting(Thing.PHONE, Box(x - 0.05, y - 0.05, x + 0.05, y + 0.05), score)


class TwoAnswers:
    """Answers one thing for the whole picture, another for a crop of it."""

    card = ModelCard("two answers", "1", "test", "2" * 64)

    def __init__(self, whole: list[Sighting], crop: list[Sighting]) -> None:
        self.whole, self.crop = tuple(whole), tuple(crop)
        self.sizes: list[tuple[int, int]] = []

    def sightings(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        height, width = pixels.shape[:2]
        self.sizes.append((height, width))
        return self.whole if (height, width) == (480, 640) else self.crop


@pytest.mark.parametrize("score", [0.05, 0.5, 0.9])
def test_there_is_none_where_there_is_no_doubt(score: float) -> None:
    detector = TwoAnswers([phone(score)], [])
    assert look(detector, PICTURE) == (phone(score),)
    assert detector.sizes == [(480, 640)]


def test_a_doubtful_phone_gets_the_enlarged_pictures_score() -> None:
    detector = TwoAnswers([phone(0.2)], [phone(0.8)])
    assert look(detector, PICTURE) == (phone(0.8),)
    assert detector.sizes == [(480, 640), (240, 320)]


def test_a_phone_elsewhere_in_the_crop_does_not_count() -> None:
    assert look(TwoAnswers([phone(0.2)], [phone(0.8, x=0.9)]), PICTURE) == (phone(0.0),)


def test_at_the_edge_the_crop_stays_inside_the_picture() -> None:
    corner = phone(0.2, x=0.95, y=0.95)
    again = look(TwoAnswers([corner], [phone(0.7, x=0.9, y=0.9)]), PICTURE)
    assert again[0].score == 0.7
