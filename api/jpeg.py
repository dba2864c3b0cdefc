"""Reads a JPEG's dimensions from its header, without decoding it (ITU-T T.81, annex B)."""

from dataclasses import dataclass

from schema.failures import Failure, FailureType

START = b"\xff\xd8"
END = b"\xff\xd9"
FRAME_MARKERS = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended and progressive DCT: what browsers make
BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})
SCAN_MARKER = 0xDA


@dataclass(frozen=True, slots=True)
class JpegSize:
    """Width and height in pixels."""

    width: int
    height: int


def jpeg_size(data: bytes, most_pixels: int) -> JpegSize:
    """The dimensions. Raises UNSUPPORTED for what is no JPEG, INVALID for a broken one, TOO_LARGE beyond pixels."""
    if not data.startswith(START):
        raise Failure(FailureType.UNSUPPORTED, "this is not a JPEG; send image/jpeg")
    size = _scan(data)
    if size is None or b"\xff\xda" not in data or END not in data[-64:]:
        raise Failure(FailureType.INVALID, "this JPEG is broken or cut off; take the picture again")
    if size.width * size.height > most_pixels:
        message = f"{size.width}x{size.height} pixels are more than {most_pixels}; send a smaller picture"
        raise Failure(FailureType.TOO_LARGE, message)
    return size


def _scan(data: bytes) -> JpegSize | None:
    at = len(START)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker in BARE_MARKERS:
            at += 2
        elif marker in FRAME_MARKERS:
            return _dimensions(data[at + 4 : at + 10])
        elif marker == SCAN_MARKER:
            return None
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def _dimensions(frame: bytes) -> JpegSize | None:
    # Precision, height, width, components (table B.2).
    if len(frame) < 6 or frame[5] not in {1, 3}:
        return None
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    return JpegSize(width, height) if width and height else None
