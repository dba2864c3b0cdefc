"""Precision and recall of faces, persons and phones: `python -m bench.detection_accuracy`.

Over the labelled pictures and the steady clips of SAMPLE_MEDIA_DIR, with the moderate preset, without and with
the second look at doubtful phones. Prints tables and writes bench/results/detection_accuracy.json.
"""

# ruff: noqa: T201 - a benchmark talks to people on the terminal

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from ml.build import build_detectors
from ml.clip import pictures
from ml.detector import Detectors, ObjectDetector
from ml.evaluation.labelled import Counts, Labelled, Look, evaluate, labelled_clips, labelled_images
from ml.evaluation.tally import Tally
from ml.frame import Pixels, decode
from ml.model_store import ModelStore
from ml.second_look import look as second_look
from schema.detection import Sighting, Thing
from schema.incident import Preset, policy_for
from schema.settings import Settings

RESULT = Path(__file__).parent / "results" / "detection_accuracy.json"
EVERY = 4
HEIGHTS = (24, 32, 40, 56, 72, 100)  # of pasted phones, pixels in 480


def main() -> None:
    """Measure, print, write."""
    settings = Settings()
    media = settings.sample_media_dir
    detectors = build_detectors(ModelStore(settings.models_dir, media))
    sets = {
        "labelled pictures": list(labelled_images(media / "images")),
        "steady clips": list(labelled_clips(media / "clips", EVERY)),
        "phones pasted": list(pasted_phones(detectors, media)),
    }
    rows = [row for name, labelled in sets.items() for row in measured(detectors, name, labelled)]
    table(rows)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(
        json.dumps({"models": [str(card) for card in detectors.cards], "rows": rows}, indent=1) + "\n"
    )


def one_look(objects: ObjectDetector, pixels: Pixels) -> tuple[Sighting, ...]:
    """The detector alone."""
    return objects.sightings(pixels)


def measured(detectors: Detectors, name: str, labelled: Iterable[Labelled]) -> Iterator[dict[str, object]]:
    """A row per subject and way of looking."""
    kept = list(labelled)
    ways: dict[str, Look] = {"one look": one_look, "with second look": second_look}
    for way, look in ways.items():
        for subject, tally in evaluate(detectors, look, policy_for(Preset.MODERATE), kept).items():
            if subject == "phones" or (way == "one look" and name != "phones pasted"):
                yield row_of(name, len(kept), subject, way, tally)


def row_of(name: str, size: int, subject: str, way: str, tally: Tally) -> dict[str, object]:
    """One line of the table."""
    figures = {"right": tally.right, "false": tally.false, "missed": tally.missed}
    shares = {"precision": tally.precision, "recall": tally.recall}
    return {"set": name, "pictures": size, "subject": subject, "way": way, **figures, **shares}


def pasted_phones(detectors: Detectors, media: Path) -> Iterator[Labelled]:
    """The one real phone there is, cut out and pasted in small on webcam frames: far harder than one held up."""
    phone = cut_out_phone(detectors, media / "images" / "phone_floor_105.jpg")
    random = np.random.default_rng(1)
    for clip in ("sister.mkv", "book.mkv"):
        for pixels in pictures(media / "clips" / clip, 12):
            for height in HEIGHTS:
                left, top = random.integers(150, 450), random.integers(250, 470 - height)
                yield Labelled(
                    f"{clip} {height}", pasted(pixels, phone, height, int(left), int(top)), Counts(1, 1, 1)
                )


def cut_out_phone(detectors: Detectors, path: Path) -> Pixels:
    """The pixels of the phone that the detector finds in this picture."""
    pixels = decode(path.read_bytes())
    if pixels is None or detectors.objects is None:
        raise SystemExit("phones cannot be measured without YOLO weights: run make models")
    box = next(s.box for s in detectors.objects.sightings(pixels) if s.thing is Thing.PHONE)
    height, width = pixels.shape[:2]
    rows, columns = (
        slice(int(box.top * height), int(box.bottom * height)),
        slice(int(box.left * width), int(box.right * width)),
    )
    return pixels[rows, columns]


def pasted(pixels: Pixels, phone: Pixels, height: int, left: int, top: int) -> Pixels:
    """A copy of the picture with the phone in it."""
    small = cv2.resize(
        phone, (height * phone.shape[1] // phone.shape[0], height), interpolation=cv2.INTER_AREA
    )
    copy = pixels.copy()
    copy[top : top + height, left : left + small.shape[1]] = small
    return copy


def table(rows: Iterable[dict[str, object]]) -> None:
    """To the terminal, as Markdown."""
    print("| set | pictures | subject | way | right | false | missed | precision | recall |")
    print("|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(cell(value) for value in row.values()) + " |")


def cell(value: object) -> str:
    """A share as per cent, what cannot be said as a dash."""
    if value is None:
        return "–"
    return f"{100 * value:.1f} %" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
