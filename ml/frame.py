"""A frame's JPEG bytes into pixels, with guards: what is broken or too large is None, never an error."""

import cv2
import numpy as np
from numpy.typing import NDArray

from schema.failures import Failure
from schema.frame.jpeg import read_jpeg
from schema.frame.limit import READABLE

# Rows x columns x 3 (blue, green, red), 0 to 255. The only picture type inside ml/; it never leaves it.
Pixels = NDArray[np.uint8]


def decode(jpeg: bytes) -> Pixels | None:
    """Pixels of a JPEG as the API takes them; None where it is too large, cut off, broken, or of another kind."""
    try:
        read_jpeg(jpeg, READABLE)
        pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except (Failure, cv2.error):
        return None
    return None if pixels is None else np.asarray(pixels, np.uint8)


def encode(pixels: Pixels, quality: int = 85) -> bytes:
    """A JPEG of these pixels; `quality` 0 to 100."""
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"pixels of shape {pixels.shape} cannot be written as JPEG")
    return data.tobytes()
