"""Reads a JPEG's size from its headers (ITU-T T.81, annex B), without decoding it."""

import struct

from schema.failures import Failure, FailureType

_START = b"\xff\xd8"
_END = b"\xff\xd9"
_STARTS_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what browsers write
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_SCAN = 0xDA
_FRAME_FIELDS = struct.Struct(">HBHHB")  # length, precision, height, width, components
_LARGEST_SIDE = 8192
_SMALLEST_SIDE = 64


def check_jpeg(data: bytes, max_bytes: int, max_pixels: int) -> None:
    """Raises TOO_LARGE beyond the limits, UNSUPPORTED for what is no JPEG, INVALID for one that is broken."""
    if len(data) > max_bytes:
        raise Failure(
            FailureType.TOO_LARGE,
            f"The frame has {len(data)} bytes; {max_bytes} is the limit. Lower the quality or the size.",
            limit=max_bytes,
        )
    width, height = jpeg_size(data)
    if width * height > max_pixels or max(width, height) > _LARGEST_SIDE:
        raise Failure(
            FailureType.TOO_LARGE,
            f"The frame has {width}x{height} pixels; {max_pixels} is the limit. Scale it down.",
            limit=max_pixels,
        )
    if min(width, height) < _SMALLEST_SIDE:
        raise Failure(
            FailureType.INVALID, f"The frame has {width}x{height} pixels, too few to show anything."
        )


def jpeg_size(data: bytes) -> tuple[int, int]:
    """(width, height). Raises UNSUPPORTED and INVALID."""
    if data[:2] != _START:
        raise Failure(FailureType.UNSUPPORTED, "The frame is not a JPEG.")
    if not data.rstrip(b"\x00").endswith(_END):
        raise _broken("it has no end: was it cut?")
    return _walk(data)


def _walk(data: bytes) -> tuple[int, int]:
    position = len(_START)
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            raise _broken(f"no marker at byte {position}")
        marker = data[position + 1]
        if marker == 0xFF or marker in _STANDALONE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in _STARTS_OF_FRAME:
            return _fields(data, position + 2)
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == _START_OF_SCAN or length < 2:
            break
        position += 2 + length
    raise _broken("no start of frame before the picture")


def _fields(data: bytes, at: int) -> tuple[int, int]:
    if at + _FRAME_FIELDS.size > len(data):
        raise _broken("the start of frame is cut")
    _, precision, height, width, components = _FRAME_FIELDS.unpack_from(data, at)
    if precision != 8 or components not in {1, 3} or not width or not height:
        raise _broken(f"{width}x{height} pixels of {components} components with {precision} bits")
    return width, height


def _broken(why: str) -> Failure:
    return Failure(FailureType.INVALID, f"The frame is a broken JPEG: {why}.")
