"""JPEG bytes into pixels: what is broken or too large is None."""

import numpy as np
import pytest

from ml.frame import decode, encode
from schema.settings import LONGEST_SIDE, MOST_FRAME_BYTES

GOOD = encode(np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8))


def claiming(width: int, height: int) -> bytes:
    """The good JPEG with another size in its header."""
    at = GOOD.index(b"\xff\xc0")
    return GOOD[: at + 5] + height.to_bytes(2) + width.to_bytes(2) + GOOD[at + 9 :]


def test_a_good_picture_decodes() -> None:
    pixels = decode(GOOD)
    assert pixels is not None
    assert pixels.shape == (48, 64, 3)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        b"GIF89a" + GOOD,
        GOOD[: len(GOOD) // 2],
        GOOD[: len(GOOD) // 2] + b"\xff\xd9",
        b"\xff\xd8" + b"\xff" * 500 + b"\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x00" + b"\x00" * 500 + b"\xff\xd9",
        claiming(LONGEST_SIDE + 1, 48),
        claiming(65535, 65535),
        claiming(0, 0),
        claiming(64, 8),
        GOOD[:-2] + b"\x00" * MOST_FRAME_BYTES + b"\xff\xd9",
    ],
)
def test_a_bad_one_is_none_or_at_least_harmless(body: bytes) -> None:
    pixels = decode(body)
    assert pixels is None or pixels.shape == (48, 64, 3)


def test_huge_dimensions_are_refused_before_any_memory_is_taken() -> None:
    assert decode(claiming(65000, 65000)) is None


def test_every_cut_of_a_jpeg_is_unreadable() -> None:
    assert all(decode(GOOD[:end]) is None for end in range(len(GOOD) - 1))


def test_random_bytes_never_raise() -> None:
    random = np.random.default_rng(2)
    bodies = [b"\xff\xd8" + random.bytes(200) + b"\xff\xd9" for _ in range(200)]
    assert [decode(body) for body in bodies] == [None] * 200


def test_a_flipped_byte_never_raises() -> None:
    for at in range(0, len(GOOD), 7):
        damaged = GOOD[:at] + bytes([GOOD[at] ^ 0xFF]) + GOOD[at + 1 :]
        pixels = decode(damaged)
        assert pixels is None or pixels.ndim == 3
