"""The material that is there without any DATA: sample clips and pictures, innocent variants and held-up phones.

Variants are made when they are looked at and never kept: only SAMPLE_MEDIA_DIR holds pictures of people.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from ml.clip import fitted
from ml.detector import FaceDetector
from ml.evaluation import variant
from ml.evaluation.material import Expected, Stream, alive
from ml.evaluation.phone import PLACES, HeldPhone
from ml.evaluation.variant import Variant
from ml.frame import Pixels, decode, encode
from schema.incident import IncidentKind

LENGTH = 24  # seconds of a stream made of a film
HELD = (8, 18)  # seconds in which a phone is held up
SKINS = ((120, 140, 190), (60, 80, 120), (140, 170, 220))
Film = Callable[[], list[Pixels]]


def sample_streams(media: Path, faces: FaceDetector, every: int = 1) -> list[Stream]:
    """Every `every`-th stream of each set over this folder's clips/ and images/."""
    people = {name: partial(film, media, name) for name in FILMS}
    sets = [list(made) for made in (_innocent(people, media, faces), _phones(people), _others(media))]
    return [stream for made in sets for stream in made[::every]]


FILMS = {
    "sister": ("clips/sister.mkv", 3),
    "book": ("clips/book.mkv", 4),
    "female": ("clips/head-pose-face-detection-female.gif", 1),
    "male": ("images/male_640x480.jpg", 0),
    "upper": ("images/ai-upper.jpg", 0),
    "again": ("images/asl_again_0.jpg", 0),
    "astronaut": ("images/astronaut.jpg", 0),
}


def film(media: Path, name: str) -> list[Pixels]:
    """A person before a camera, one picture a second."""
    path, every = FILMS[name]
    return shown(media / path, every)


def shown(path: Path, every: int = 0) -> list[Pixels]:
    """Every `every`-th picture of a clip, or a still that sways; all 640x480."""
    if not every:
        return variant.swaying(picture(path), LENGTH)
    clip = cv2.VideoCapture(str(path))
    taken: list[Pixels] = []
    while len(taken) < LENGTH * every:
        found, pixels = clip.read()
        if not found:
            break
        taken.append(np.asarray(pixels, np.uint8))
    return [fitted(pixels) for pixels in taken[::every]]


def picture(path: Path) -> Pixels:
    """A labelled picture in 640x480. Raises ValueError where it does not decode."""
    pixels = decode(path.read_bytes())
    if pixels is None:
        raise ValueError(f"{path} does not decode")
    return fitted(pixels)


def _innocent(people: Mapping[str, Film], media: Path, faces: FaceDetector) -> Iterator[Stream]:
    for group, change in _surroundings(media, faces).items():
        for name in _cast(group, list(people)):
            yield Stream(f"{group}, {name}", partial(_changed, people[name], change), group=group)


def _cast(group: str, names: Sequence[str]) -> Sequence[str]:
    """Everybody as they are; three people, each time others, in every other surrounding."""
    if group == "plain":
        return names
    first = sum(map(ord, group)) % len(names)
    return [names[(first + 2 * step) % len(names)] for step in range(3)]


def _surroundings(media: Path, faces: FaceDetector) -> dict[str, Variant]:
    images = media / "images"
    portraits = [_head(images / name, faces) for name in ("two_people.jpg", "ai-face.jpg", "hp_male_0.jpg")]
    news = [_head(images / f"hp_female_{n}.jpg", faces) for n in (0, 4, 17, 22)]
    return {
        "plain": variant.untouched,
        "poster": variant.hung(portraits[0], (30, 40, 130)),
        "large poster": variant.hung(portraits[1], (440, 30, 180)),
        "small poster": variant.hung(portraits[2], (500, 60, 90)),
        "television": variant.screened(news, (450, 50, 120)),
        "mirror": variant.mirrored((20, 30, 170)),
        "portrait": variant.portrait,
        "turned left": variant.turned(1),
        "turned right": variant.turned(3),
        "upside down": variant.turned(2),
        "dim": variant.lit(0.25),
        "very dim": variant.lit(0.12, 3.0),
        "noisy": variant.lit(0.8, 14.0),
        "backlit": variant.backlit,
        "mask": variant.masked(faces.faces),
    }


def _head(path: Path, faces: FaceDetector) -> Pixels:
    """A head and shoulders cut out of a picture: what a poster or a newsreader shows."""
    pixels = picture(path)
    box = faces.faces(pixels)[0].box
    across, down = box.right - box.left, box.bottom - box.top
    left, right = (
        round(640 * min(1, max(0, x))) for x in (box.left - 0.5 * across, box.right + 0.5 * across)
    )
    top, bottom = (round(480 * min(1, max(0, y))) for y in (box.top - 0.6 * down, box.bottom + 0.7 * down))
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def _phones(people: Mapping[str, Film]) -> Iterator[Stream]:
    seed = 0
    for height, size in ((44, "44 px"), (56, "56 px"), (72, "72 px"), (92, "92 px"), (120, "120 px")):
        for place in PLACES:
            for light in (1.0, 0.55):
                name, seed = list(people)[seed % len(people)], seed + 1
                held = HeldPhone(height, place, light, back=seed % 3 != 0, seed=seed)
                found = Expected(IncidentKind.FORBIDDEN_OBJECT, *HELD, size=size)
                frames = partial(_holding, people[name], held, SKINS[seed % len(SKINS)])
                said = "bright" if light == 1.0 else "half light"
                yield Stream(
                    f"phone {size} {place} {said}, {name}", frames, (found,), brightness=said, group=place
                )


def _others(media: Path) -> Iterator[Stream]:
    clips, images = media / "clips", media / "images"
    beside = {"bird": ("bird.mkv", 3), "student": ("student.mkv", 2)}
    beside["two"] = ("head-pose-face-detection-female-and-male.gif", 2)
    for name, (path, every) in beside.items():
        found = Expected(IncidentKind.MULTIPLE_FACES, 0, LENGTH)
        yield Stream(f"second person, {name}", partial(_jpegs, partial(shown, clips / path, every)), (found,))
    for room in ("onebyone_0.jpg", "people_det_22.jpg"):
        found = Expected(IncidentKind.FACE_ABSENT, 6, LENGTH)
        yield Stream(f"left, {room}", partial(_leaving, media, picture(images / room), 2.0), (found,))
    for cover, noise in (
        ("black.jpg", 0.0),
        ("black.jpg", 6.0),
        ("covered_blur.jpg", 0.0),
        ("covered_blur.jpg", 6.0),
    ):
        found = Expected(IncidentKind.WEBCAM_DISABLED, 6, LENGTH)
        frames = partial(_leaving, media, picture(images / cover), noise)
        yield Stream(f"covered, {cover} noise {noise:g}", frames, (found,))


def _changed(people: Film, change: Variant) -> Iterable[bytes]:
    return (encode(change(number, pixels)) for number, pixels in enumerate(people()))


def _jpegs(people: Film) -> Iterable[bytes]:
    return map(encode, people())


def _holding(people: Film, held: HeldPhone, skin: tuple[int, int, int]) -> Iterable[bytes]:
    for number, pixels in enumerate(people()):
        yield encode(held.paste(number, pixels, skin) if HELD[0] <= number < HELD[1] else pixels)


def _leaving(media: Path, then: Pixels, noise: float) -> Iterable[bytes]:
    calm = film(media, "female")[:6]
    return map(encode, [*calm, *alive(then, LENGTH - len(calm), noise)])
