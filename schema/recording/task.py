"""What the export of a recording is asked and answers, and where the video lies."""

from uuid import UUID

from schema.model import Message
from schema.record import RecordKind


class ExportRecording(Message):
    """Write the recording of an attempt whose frames are all accounted for."""

    attempt_id: UUID
    exam_id: UUID


class RecordingExported(Message):
    """The written object; without a frame none is written and the name is empty.

    A screen that was shared has a video of its own beside it, of `screens` pictures.
    """

    name: str = ""
    frames: int = 0
    size: int = 0  # bytes
    screens: int = 0


def recording_folder(exam_id: UUID, attempt_id: UUID) -> str:
    """`raw/recordings/{exam_id}/{session_id}`: holds nothing but this attempt's recording."""
    return f"raw/recordings/{exam_id}/{attempt_id}"


def recording_name(exam_id: UUID, attempt_id: UUID, kind: RecordKind = RecordKind.FRAME) -> str:
    """The video of the camera, or of the screen."""
    name = "screen" if kind is RecordKind.SCREEN else "recording"
    return f"{recording_folder(exam_id, attempt_id)}/{name}.webm"
