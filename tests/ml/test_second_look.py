"""The second look at a doubtful phone."""

import numpy as np
import pytest

from ml.detector import ModelCard
from ml.frame import Pixels
from ml.second_look import AGREED, look
from schema.detection import Box, Sighting, Thing

PICTURE = np.zeros((480, 640, 3), np.uint8)


def phone(score: float, x: float = 0.5, y: float = 0.5) -> Sighting:
    return Sighting(Thing.PHONE, Box(x - 0.05, y - 0.05, x + 0.05, y + 0.05), score)


class ThreeAnswers:
    """Answers one thing for the picture, another for the larger one, a third for a part of it."""

    card = ModelCard("three answers", "1", "test", "2" * 64)

    def __init__(self, usual: list[Sighting], larger: list[Sighting], part: list[Sighting]) -> None:
        self.usual, self.larger, self.part = tuple(usual), tuple(larger), tuple(part)
        self.sizes: list[tuple[int, ...]] = []

    def sightings(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        self.sizes.append(pixels.shape[:2])
        return self.usual if pixels.shape == PICTURE.shape else self.part

    def enlarged(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        self.sizes.append((640, 864))
        return self.larger


@pytest.mark.parametrize("score", [0.05, 0.5, 0.9])
def test_there_is_none_where_there_is_no_doubt(score: float) -> None:
    detector = ThreeAnswers([phone(score)], [], [])
    assert look(detector, PICTURE) == (phone(score),)
    assert detector.sizes == [(480, 640)]


def test_the_mean_of_three_looks_counts() -> None:
    detector = ThreeAnswers([phone(0.2)], [phone(0.3)], [phone(0.4)])
    assert look(detector, PICTURE)[0].score == pytest.approx(AGREED * 0.3)
    assert detector.sizes == [(480, 640), (640, 864), (240, 320)]
    assert look(ThreeAnswers([phone(0.4)], [phone(0.9)], [phone(0.9)]), PICTURE)[0].score == 1.0


def test_what_one_look_alone_is_sure_of_does_not_count_as_more() -> None:
    edge = look(ThreeAnswers([phone(0.11)], [], [phone(0.6)]), PICTURE)
    assert edge[0].score < 0.4
    elsewhere = look(ThreeAnswers([phone(0.3)], [phone(0.8, x=0.9)], [phone(0.8, x=0.9)]), PICTURE)
    assert elsewhere[0].score == pytest.approx(AGREED * 0.1)


def test_at_the_edge_the_part_stays_inside_the_picture() -> None:
    corner = phone(0.2, x=0.95, y=0.95)
    again = look(ThreeAnswers([corner], [corner], [phone(0.7, x=0.9, y=0.9)]), PICTURE)
    assert again[0].score == pytest.approx(AGREED * (0.2 + 0.2 + 0.7) / 3)


def test_other_sightings_stay_as_they_are() -> None:
    person = Sighting(Thing.PERSON, Box(0, 0, 1, 1), 0.9)
    assert look(ThreeAnswers([person, phone(0.2)], [phone(0.2)], []), PICTURE)[0] == person
