"""Two more looks at what might be a phone: small ones score low, and so do dark edges and badges.

One is at the whole picture a third larger, one at the part around the phone twice as large; their mean counts.
"""

from dataclasses import replace

from ml.detector import ObjectDetector
from ml.frame import Pixels
from schema.detection import Box, Sighting, Thing

# A phone that scores between these is in doubt: below is noise, above needs no second look.
DOUBT, SURE = 0.1, 0.5
NEAR = 0.08  # how far, in shares of the picture, the second sighting may be from the first
SHARE = 0.5  # of the picture's width and height, around the doubtful phone, in the third look
# The looks' mean stands for a higher score of one: what is no phone seldom has a score in all of them.
AGREED = 1.6


def look(objects: ObjectDetector, pixels: Pixels) -> tuple[Sighting, ...]:
    """What the detector sees, with the best doubtful phone looked at again."""
    sightings = objects.sightings(pixels)
    phone = doubtful(sightings)
    return sightings if phone is None else confirmed(objects, pixels, sightings, phone)


def doubtful(sightings: tuple[Sighting, ...]) -> Sighting | None:
    """The best phone, where it is in doubt."""
    best = next((s for s in sightings if s.thing is Thing.PHONE), None)
    return best if best is not None and DOUBT <= best.score < SURE else None


def confirmed(
    objects: ObjectDetector, pixels: Pixels, sightings: tuple[Sighting, ...], phone: Sighting
) -> tuple[Sighting, ...]:
    """The same with the doubtful phone's score as all three looks say; none of them stands alone."""
    scores = (
        phone.score,
        _best(objects.enlarged(pixels), phone),
        _best(_around(objects, pixels, phone), phone),
    )
    agreed = min(1.0, AGREED * sum(scores) / len(scores))
    return tuple(replace(s, score=agreed) if s is phone else s for s in sightings)


def unconfirmed(sightings: tuple[Sighting, ...], phone: Sighting) -> tuple[Sighting, ...]:
    """The same where there is no time for a second look: what one look doubts does not count."""
    return tuple(s for s in sightings if s is not phone)


def _best(sightings: tuple[Sighting, ...], phone: Sighting) -> float:
    near = (s for s in sightings if s.thing is Thing.PHONE and _distance(s.box, phone.box) <= NEAR)
    return max((s.score for s in near), default=0.0)


def _around(objects: ObjectDetector, pixels: Pixels, phone: Sighting) -> tuple[Sighting, ...]:
    left, top = (min(max(0.0, c - SHARE / 2), 1 - SHARE) for c in _middle(phone.box))
    height, width = pixels.shape[:2]
    rows = slice(round(top * height), round((top + SHARE) * height))
    columns = slice(round(left * width), round((left + SHARE) * width))
    return tuple(_placed(s, left, top) for s in objects.sightings(pixels[rows, columns]))


def _placed(sighting: Sighting, left: float, top: float) -> Sighting:
    box = sighting.box
    xs = [left + SHARE * side for side in (box.left, box.right)]
    ys = [top + SHARE * side for side in (box.top, box.bottom)]
    return replace(sighting, box=Box(xs[0], ys[0], xs[1], ys[1]))


def _distance(one: Box, other: Box) -> float:
    (x, y), (u, v) = _middle(one), _middle(other)
    return max(abs(x - u), abs(y - v))


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2
