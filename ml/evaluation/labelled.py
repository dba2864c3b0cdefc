"""Precision and recall of detectors over pictures and clips whose content people counted.

The labels are counts, not boxes: of n labelled and m found, min(n, m) count as right, what is over as false,
what is under as missed. A false face beside a missed one would therefore pass for right; by eye none does.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ml.clip import pictures
from ml.counting import faces_of, forbidden_of, persons_of
from ml.detector import Detectors, ObjectDetector
from ml.evaluation.tally import MatchCounts
from ml.frame import Pixels, decode
from ml.picture import measure
from schema.detection import Detections, Sighting
from schema.incident import DetectionPolicy

Look = Callable[[ObjectDetector, Pixels], tuple[Sighting, ...]]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many faces, persons and phones one picture shows."""

    faces: int
    persons: int
    phones: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A picture and what people counted in it."""

    name: str
    pixels: Pixels
    counts: Counts


# Every picture of these clips shows the same: read by eye.
STEADY_CLIPS = {
    "sister.mkv": Counts(1, 1, 0),
    "book.mkv": Counts(1, 1, 0),
    "head-pose-face-detection-female.gif": Counts(1, 1, 0),
    "head-pose-face-detection-female-and-male.gif": Counts(2, 2, 0),
}


def labelled_images(folder: Path) -> Iterator[Labelled]:
    """The pictures of labels.csv in this folder. Raises ValueError for one that does not decode."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            pixels = decode((folder / row["file"]).read_bytes())
            if pixels is None:
                raise ValueError(f"{folder / row['file']} does not decode")
            counts = Counts(int(row["faces_visible"]), int(row["persons"]), int(row["phones"]))
            yield Labelled(row["file"], pixels, counts)


def labelled_clips(folder: Path, every: int) -> Iterator[Labelled]:
    """Each `every`-th picture of the steady clips in this folder."""
    for name, counts in STEADY_CLIPS.items():
        for number, pixels in enumerate(pictures(folder / name, every)):
            yield Labelled(f"{name}#{number * every}", pixels, counts)


def evaluate(
    detectors: Detectors, look: Look, policy: DetectionPolicy, labelled: Iterable[Labelled]
) -> dict[str, MatchCounts]:
    """Tallies of faces, persons and phones by the policy's thresholds; `look` is how objects are looked at."""
    tallies = {"faces": MatchCounts(), "persons": MatchCounts(), "phones": MatchCounts()}
    for picture in labelled:
        found = count(detectors, look, policy, picture.pixels)
        tallies["faces"].add(picture.counts.faces, found.faces)
        tallies["persons"].add(picture.counts.persons, found.persons)
        tallies["phones"].add(picture.counts.phones, found.phones)
    return tallies


def count(detectors: Detectors, look: Look, policy: DetectionPolicy, pixels: Pixels) -> Counts:
    """What the detectors find in one picture; persons and phones are 0 where object detection is off."""
    sightings = () if detectors.objects is None else look(detectors.objects, pixels)
    seen = Detections(detectors.faces.faces(pixels), sightings, measure(pixels, None)[0])
    return Counts(len(faces_of(seen, policy)), len(persons_of(seen, policy)), len(forbidden_of(seen, policy)))
