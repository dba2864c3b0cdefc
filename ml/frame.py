"""A frame's JPEG bytes into pixels, with guards: what is broken or too large is None, never an error."""

import cv2
import numpy as np
from numpy.typing import NDArray

# Rows x columns x 3 (blue, green, red), 0 to 255. The only picture type inside ml/; it never leaves it.
Pixels = NDArray[np.uint8]

MAX_BYTES = 4_000_000
MIN_SIDE = 32
MAX_SIDE = 4096

_START, _END = b"\xff\xd8", b"\xff\xd9"
# Start-of-frame markers carry the dimensions (ITU-T T.81, table B.1); C4, C8 and CC are something else.
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def decode(jpeg: bytes) -> Pixels | None:
    """Pixels of a JPEG; None where it is too large in bytes or sides, truncated, or broken."""
    if not _is_acceptable(jpeg):
        return None
    try:
        pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if pixels is None else np.asarray(pixels, np.uint8)


def encode(pixels: Pixels, quality: int = 85) -> bytes:
    """A JPEG of these pixels; `quality` 0 to 100."""
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"pixels of shape {pixels.shape} cannot be written as JPEG")
    return data.tobytes()


def dimensions(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height as the header says, read without decoding; None where there is no such header."""
    at = len(_START)
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker in _FRAME_MARKERS:
            return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])
        at += _segment_length(jpeg, at, marker)
    return None


def _segment_length(jpeg: bytes, at: int, marker: int) -> int:
    if marker == 0xFF:
        return 1
    if marker in _STANDALONE:
        return 2
    return 2 + max(2, int.from_bytes(jpeg[at + 2 : at + 4]))


def _is_acceptable(jpeg: bytes) -> bool:
    if len(jpeg) > MAX_BYTES or not jpeg.startswith(_START) or not jpeg.rstrip(b"\0").endswith(_END):
        return False
    size = dimensions(jpeg)
    return size is not None and all(MIN_SIDE <= side <= MAX_SIDE for side in size)
