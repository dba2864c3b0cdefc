"""A second look, enlarged, at what might be a phone: small ones score low in the whole picture."""

from dataclasses import replace

from ml.detector import ObjectDetector
from ml.frame import Pixels
from schema.detection import Box, Sighting, Thing

# A phone that scores between these is in doubt: below is noise, above needs no second look.
DOUBT, SURE = 0.1, 0.5
SHARE = 0.5  # of the picture's width and height, around the doubtful phone: it appears twice as large
NEAR = 0.1  # how far, in shares of the picture, the second sighting may be from the first


def look(objects: ObjectDetector, pixels: Pixels) -> tuple[Sighting, ...]:
    """What the detector sees, with the best doubtful phone scored again from an enlarged crop."""
    sightings = objects.sightings(pixels)
    phones = [s for s in sightings if s.thing is Thing.PHONE]
    if not phones or not DOUBT <= phones[0].score < SURE:
        return sightings
    again = _enlarged(objects, pixels, phones[0])
    return tuple(again if s is phones[0] else s for s in sightings)


def _enlarged(objects: ObjectDetector, pixels: Pixels, phone: Sighting) -> Sighting:
    x, y = _middle(phone.box)
    left, top = (min(max(0.0, c - SHARE / 2), 1 - SHARE) for c in (x, y))
    height, width = pixels.shape[:2]
    rows = slice(round(top * height), round((top + SHARE) * height))
    columns = slice(round(left * width), round((left + SHARE) * width))
    found = [
        _placed(s, left, top) for s in objects.sightings(pixels[rows, columns]) if s.thing is Thing.PHONE
    ]
    scores = [s.score for s in found if _distance(s.box, phone.box) <= NEAR]
    return replace(phone, score=max(scores, default=0.0))


def _placed(sighting: Sighting, left: float, top: float) -> Sighting:
    box = sighting.box
    xs = [left + SHARE * side for side in (box.left, box.right)]
    ys = [top + SHARE * side for side in (box.top, box.bottom)]
    return replace(sighting, box=Box(xs[0], ys[0], xs[1], ys[1]))


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _distance(one: Box, other: Box) -> float:
    (x, y), (u, v) = _middle(one), _middle(other)
    return max(abs(x - u), abs(y - v))
