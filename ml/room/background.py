"""Which faces, persons and things of a frame are part of the room.

A second face counts once it is seen to live. A poster's never changes while the student does; what a closed border of
four straight sides surrounds is a picture, a screen or a mirror; what is small beside the student, whole, and there
from the start, or sits on the student's own chest, is taken for part of the room even though it changes. Things
count at once, unless they have lain unchanged from the start.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import Field

from ml.frame import Pixels
from ml.room.border import is_framed
from ml.room.place import (
    COMPARED,
    Found,
    Place,
    corner_grain,
    distance,
    is_at,
    look_again,
    place_of,
)
from schema.detection import Box, Face, Sighting, Thing
from schema.model import State

START = timedelta(seconds=10)  # what was there within this time was there before the exam
SETTLING = timedelta(seconds=8)
SMALL = 0.55  # of the student's height
CUT = 0.01  # of the width: what reaches so near the picture's edge may be somebody's half
MOST = 16  # places remembered
FACE, PERSON = "face", Thing.PERSON.value
SETTLED = frozenset({"still", "fixed"})


class RoomMemory(State):
    """The places of one attempt's room."""

    start_at: datetime | None = None
    places: list[Place] = Field(default_factory=list)
    corners: str = ""
    told: bool = False  # that there is a face which is nobody


class Room:
    """One frame's view of the room; brings its memory up to date."""

    def __init__(self, memory: RoomMemory, at: datetime, pixels: Pixels) -> None:
        memory.start_at = memory.start_at or at
        self._memory, self._at, self._pixels = memory, at, pixels
        self._held = False
        self._grain, memory.corners = corner_grain(pixels, memory.corners)

    def background(self, faces: Sequence[Face], sightings: Sequence[Sighting] | None) -> tuple[Box, ...]:
        """The boxes that are nobody's and nothing's, as far as this frame shows."""
        seen = sightings or ()
        heads = [Found(FACE, face.box) for face in faces]
        bodies = [Found(PERSON, s.box) for s in seen if s.thing is Thing.PERSON]
        things = [Found(s.thing.value, s.box) for s in seen if s.thing is not Thing.PERSON]
        pictured = self._apart(heads)
        students = [head for head in heads if head not in pictured]
        portraits = [body for body in bodies if _shows(body, pictured) and not _shows(body, students)]
        aside = pictured + portraits + self._apart([body for body in bodies if body not in portraits])
        aside += [thing for thing in things if self._has_lain(thing)]
        self._forget()
        return tuple(one.box for one in aside)

    def is_new_picture(self) -> bool:
        """True once an attempt: a face has just been found to be a picture's."""
        decided = any(p.what == FACE and p.verdict in SETTLED for p in self._memory.places)
        is_new = decided and not self._memory.told
        self._memory.told = self._memory.told or decided
        return is_new

    @property
    def is_undecided(self) -> bool:
        """Whether something is held back of which more looks will tell what it is."""
        return self._held

    def _apart(self, found: list[Found]) -> list[Found]:
        """Those of these faces or persons that are part of the room; the largest other one is the student."""
        settled = [one for one in found if self._is_settled(one)]
        rest = [one for one in found if one not in settled]
        if not rest:
            return settled
        looks = {one: self._look(one) for one in rest}
        compared = [(place, changed) for place, changed in looks.values() if changed is not None]
        for place, changed in compared:
            place.changes = [*place.changes, changed][-COMPARED:]
        student = max(rest, key=lambda one: (one.what == PERSON or _may_live(looks[one][0]), one.height))
        for place, _ in compared:
            place.student_changes = [*place.student_changes, bool(looks[student][1])][-COMPARED:]
        others = [one for one in looks if one is not student]
        return settled + [one for one in others if self._is_room(one, looks[one][0], student)]

    def _is_settled(self, one: Found) -> bool:
        """Whether its place is known for part of the room; a picture that comes to life is none."""
        place = self._known(one)
        if place is None or place.verdict not in SETTLED:
            return False
        changed = look_again(place, one, self._at, self._pixels, self._grain)
        place.changes = [*place.changes, changed][-COMPARED:]
        if place.verdict == "still" and sum(place.changes) > 1:
            place.verdict = "live"
        return place.verdict in SETTLED

    def _is_room(self, one: Found, place: Place, student: Found) -> bool:
        if one.what == FACE and place.verdict != "live":
            place.framed = place.framed or is_framed(self._pixels, one.box)
        is_small = one.height < SMALL * student.height and one.box.left > CUT and one.box.right < 1 - CUT
        if place.framed or (is_small and (self._is_early(place) or _on_chest(one, student))):
            lasted = place.last_at - place.first_at >= SETTLING
            place.verdict = "fixed" if lasted else ""
            is_room = True
        else:
            is_room = _is_still(place)
        self._held = self._held or (is_room and not place.verdict)
        return is_room

    def _has_lain(self, thing: Found) -> bool:
        place, changed = self._look(thing)
        place.changes = place.changes if changed is None else [*place.changes, changed][-COMPARED:]
        return len(place.changes) == COMPARED and not any(place.changes) and self._is_early(place)

    def _look(self, one: Found) -> tuple[Place, bool | None]:
        """Its place, and whether that changed; None for the first look at it."""
        place = self._known(one)
        if place is not None:
            return place, look_again(place, one, self._at, self._pixels, self._grain)
        place = place_of(one, self._at, self._pixels)
        self._memory.places = [*self._memory.places, place]
        return place, None

    def _known(self, one: Found) -> Place | None:
        near = [place for place in self._memory.places if is_at(place, one)]
        return min(near, key=lambda place: distance(place, one), default=None)

    def _is_early(self, place: Place) -> bool:
        start = self._memory.start_at
        return start is not None and place.first_at - start <= START

    def _forget(self) -> None:
        kept = sorted(self._memory.places, key=lambda place: (place.verdict in SETTLED, place.last_at))
        self._memory.places = kept[-MOST:]


def _may_live(place: Place) -> bool:
    """Whether it is not yet known for something that never changes, or that a border surrounds."""
    return not place.framed and (len(place.changes) < COMPARED - 1 or any(place.changes))


def _is_still(place: Place) -> bool:
    """Whether it is held back: it does not change, and the student does. Brings its verdict up to date."""
    changes = place.changes
    if place.verdict == "live" or sum(changes) > 1:
        place.verdict = "live"
        return False
    if any(changes) or len(changes) < COMPARED - 1:
        return not changes or not changes[-1]
    if not any(place.student_changes):
        return False  # nothing moves at all: that says nothing about this face
    place.verdict = "still" if len(changes) == COMPARED else ""
    return True


def _on_chest(one: Found, student: Found) -> bool:
    """Below the student's chin, no farther aside than the shoulders."""
    (x, y), (u, v) = one.middle, student.middle
    wide = student.box.right - student.box.left
    return abs(x - u) < wide and 0.5 * student.height < y - v < 3 * student.height


def _shows(person: Found, faces: Sequence[Found]) -> bool:
    """Whether one of these faces lies in this person."""
    box = person.box
    return any(
        box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in (face.middle for face in faces)
    )
