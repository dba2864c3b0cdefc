"""When the object detector looks: it costs eight times a face detection, so not at every frame."""

from schema.model import State

EVERY = 5  # frames, when nothing happens
AFTER_A_HIT = 3  # frames: two for the votes to come from frames in a row, one more to see that it left
MOTION = 6.0  # mean grey difference: someone moves, not merely breathes


class ScheduleMemory(State):
    """What the schedule remembers between frames."""

    frames_since_look: int = EVERY
    faces: int = 0
    eager_frames: int = 0


def is_due(memory: ScheduleMemory, faces: int, motion: float) -> bool:
    """True where the object detector should look at this frame."""
    regular = memory.frames_since_look + 1 >= EVERY
    return regular or memory.eager_frames > 0 or faces != memory.faces or motion >= MOTION


def note_frame(memory: ScheduleMemory, faces: int, *, looked: bool, hit: bool) -> None:
    """Remember this frame; `hit` where it showed what a rule asks for."""
    memory.faces = faces
    memory.frames_since_look = 0 if looked else memory.frames_since_look + 1
    memory.eager_frames = AFTER_A_HIT if hit else max(0, memory.eager_frames - 1)
