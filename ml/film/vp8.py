"""Codes pictures as VP8, which every browser and most players show."""

import struct
from collections.abc import Iterator
from pathlib import Path

import cv2

from ml.frame import Pixels

_FILE_HEAD = 32  # IVF: a head, then a packet per picture
_PACKET = struct.Struct("<IQ")  # length, number of the picture


class Vp8Coder:
    """Codes pictures of one size into a file; which picture stands when is not its matter."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self._path = path
        codec = cv2.VideoWriter.fourcc(*"VP80")
        self._writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, codec, 1.0, size)
        if not self._writer.isOpened():
            raise RuntimeError("this build of OpenCV does not write VP8; install the pinned one")

    def add(self, pixels: Pixels) -> None:
        """The next picture."""
        self._writer.write(pixels)

    def packets(self) -> Iterator[tuple[int, bytes]]:
        """(number of the picture, coded picture) of all, once the last one is added."""
        self._writer.release()
        with self._path.open("rb") as file:
            file.seek(_FILE_HEAD)
            while head := file.read(_PACKET.size):
                length, number = _PACKET.unpack(head)
                yield number, file.read(length)


def is_key(packet: bytes) -> bool:
    """Whether a picture is coded by itself (RFC 6386, section 9.1)."""
    return not packet[0] & 1
