"""When the object detector looks: it costs eight times a face detection, so not at every frame."""

from datetime import datetime, timedelta

from schema.model import State

EVERY = timedelta(seconds=4)  # when nothing happens; at slow intervals this is every frame
SLACK = timedelta(milliseconds=200)  # frames are not sent on the stroke
AFTER_A_HIT = 3  # frames: two for the votes to come from frames in a row, one more to see that it left
MOTION = 6.0  # mean grey difference: someone moves, not merely breathes
# Second looks at what turned out to be nothing: so many at once, and one more each so many seconds.
DOUBTS = 6.0
DOUBT_EVERY = timedelta(seconds=10)


class ScheduleMemory(State):
    """What the schedule remembers between frames."""

    frames_since_look: int = 0  # of states from before looks were counted in seconds; not read
    looked_at: datetime | None = None
    faces: int = 0
    eager_frames: int = 0
    doubts: float = DOUBTS
    doubts_at: datetime | None = None


def is_due(memory: ScheduleMemory, at: datetime, faces: int, motion: float) -> bool:
    """True where the object detector should look at this frame; a frame from before the last look is a late one."""
    since = None if memory.looked_at is None else at - memory.looked_at
    regular = since is None or since < timedelta(0) or since + SLACK >= EVERY
    return regular or memory.eager_frames > 0 or faces != memory.faces or motion >= MOTION


def may_doubt(memory: ScheduleMemory, at: datetime) -> bool:
    """Whether there is time for a second look: what is doubtful all along must not double a student's cost."""
    if memory.doubts_at is not None:
        passed = max(timedelta(0), at - memory.doubts_at) / DOUBT_EVERY
        memory.doubts = min(DOUBTS, memory.doubts + passed)
    memory.doubts_at = at if memory.doubts_at is None else max(at, memory.doubts_at)
    return memory.doubts >= 1


def note_doubt(memory: ScheduleMemory, *, hit: bool) -> None:
    """Remember a second look; one that confirmed what it looked at is free, and the next frames tell the rest."""
    memory.doubts -= 0 if hit else 1
    memory.eager_frames = max(memory.eager_frames, AFTER_A_HIT + 1)


def note_frame(memory: ScheduleMemory, at: datetime, faces: int, *, looked: bool, hit: bool) -> None:
    """Remember this frame; `hit` where it showed what a rule asks for."""
    memory.faces = faces
    memory.looked_at = at if looked else memory.looked_at
    memory.eager_frames = AFTER_A_HIT if hit else max(0, memory.eager_frames - 1)
