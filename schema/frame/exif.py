"""Reads from an Exif segment how a picture must be turned to be seen (CIPA DC-008, tag 0x0112)."""

import struct

_MARK = b"Exif\0\0"
_ORIENTATION = 0x0112
_SHORT = 3
_ENTRY = 12


def orientation_of(body: bytes) -> int | None:
    """1 to 8, of the first folder; None where the segment says nothing of it, or nothing that makes sense."""
    tiff = body[len(_MARK) :]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if not body.startswith(_MARK) or order is None or len(tiff) < 8:
        return None
    (folder,) = struct.unpack_from(f"{order}I", tiff, 4)
    if folder + 2 > len(tiff):
        return None
    (count,) = struct.unpack_from(f"{order}H", tiff, folder)
    for at in range(folder + 2, min(folder + 2 + count * _ENTRY, len(tiff) - _ENTRY + 1), _ENTRY):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if tag == _ORIENTATION and kind == _SHORT:
            return value if 1 <= value <= 8 else None
    return None
