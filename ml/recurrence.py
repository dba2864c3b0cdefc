"""Whether a picture was there before: what a camera shows never comes back to the last grey value, a film does.

Compared are thumbnails, not files: what is written beside a picture, and how well it is compressed, matters little.
"""

import base64
import hashlib

from ml.picture import Grey
from schema.model import State

KEPT = 400  # different pictures in a row: a film of a minute at five a second, with some to spare
SIZE = 6  # bytes of each print
NEAR = 2  # a picture that comes back at once is a picture that stands still


class PrintMemory(State):
    """Prints of the last different pictures, the newest last, as one text."""

    kept: str = ""


def has_returned(memory: PrintMemory, thumbnail: Grey) -> bool:
    """Whether this picture was there before others came between; it is remembered."""
    known = _unpacked(memory.kept)
    mark = hashlib.blake2b(thumbnail.tobytes(), digest_size=SIZE).digest()
    if known and known[-1] == mark:
        return mark in known[:-NEAR]
    memory.kept = base64.b64encode(b"".join([*known, mark][-KEPT:])).decode()
    return mark in known[: 1 - NEAR]


def _unpacked(text: str) -> list[bytes]:
    data = base64.b64decode(text)
    return [data[at : at + SIZE] for at in range(0, len(data), SIZE)]
