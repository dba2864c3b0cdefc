"""Precision and recall, and what they are counted over."""

from pathlib import Path

import pytest

from ml.evaluation.labelled import Counts, Labelled, evaluate, labelled_clips, labelled_images
from ml.evaluation.tally import MatchCounts
from ml.frame import decode
from ml.second_look import look
from tests.ml.builder import MODERATE
from tests.ml.painted import painted, painted_detectors


def test_a_tally_counts_right_false_and_missed() -> None:
    tally = MatchCounts()
    for labelled, found in ((2, 1), (1, 1), (0, 1), (0, 0)):
        tally.add(labelled, found)
    assert (tally.right, tally.false, tally.missed) == (2, 1, 1)
    assert tally.precision == pytest.approx(2 / 3)
    assert tally.recall == pytest.approx(2 / 3)


def test_nothing_there_and_nothing_found_has_no_share() -> None:
    assert MatchCounts().precision is None
    assert MatchCounts().recall is None


def test_detectors_are_tallied_by_subject() -> None:
    pixels = decode(painted(faces=2, persons=1, phones=1))
    assert pixels is not None
    labelled = [Labelled("one", pixels, Counts(faces=1, persons=2, phones=1))]
    tallies = evaluate(painted_detectors(), look, MODERATE, labelled)
    assert tallies["faces"] == MatchCounts(right=1, false=1)
    assert tallies["persons"] == MatchCounts(right=1, missed=1)
    assert tallies["phones"] == MatchCounts(right=1)


def test_every_labelled_picture_and_clip_can_be_read(media: Path) -> None:
    images, clips = list(labelled_images(media / "images")), list(labelled_clips(media / "clips", 40))
    assert len(images) >= 39
    assert sum(image.counts.phones for image in images) == 3
    assert len({picture.name.partition("#")[0] for picture in clips}) == 4
    assert all(picture.pixels.shape == (480, 640, 3) for picture in clips)
