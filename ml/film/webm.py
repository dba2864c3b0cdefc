"""Writes WebM: VP8 pictures, each at its own time to the millisecond, with an index for seeking.

Elements as in RFC 8794 (EBML) and RFC 9559 (Matroska), of which WebM is a part.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)  # of DateUTC
_LONGEST_CLUSTER = 30_000  # milliseconds; a block's own time has 16 bits with a sign
_LAST_PICTURE = 1_000  # how long it is shown

_EBML, _SEGMENT, _INFO, _TRACKS, _CLUSTER, _CUES = (
    0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x1C53BB6B,
)  # fmt: skip
_SEEK_HEAD, _SEEK, _SEEK_ID, _SEEK_POSITION = 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC


@dataclass(frozen=True, slots=True)
class Packet:
    """A coded picture; `at` in milliseconds since the film's beginning."""

    at: int
    is_key: bool
    data: bytes


class WebmWriter:
    """Writes one film from its beginning to its end into a file that can be sought in."""

    def __init__(self, file: BinaryIO, size: tuple[int, int], begins_at: datetime) -> None:
        self._file = file
        self._cues: list[tuple[int, int]] = []
        self._cluster: list[bytes] = []
        self._cluster_at = 0
        self._end = 0
        file.write(_ebml_header())
        file.write(_id(_SEGMENT) + b"\x01" + bytes(7))  # its size follows in `close`
        self._segment = file.tell()
        self._head = _element(_TRACKS, _track(size))
        self._begins_at = begins_at
        self._write_head(0)

    def add(self, packet: Packet) -> None:
        """Pictures in the order of their times; the first one is a key picture."""
        if packet.is_key or packet.at - self._cluster_at > _LONGEST_CLUSTER:
            self._flush()
            self._cluster_at = packet.at
            if packet.is_key:
                self._cues.append((packet.at, self._file.tell() - self._segment))
        head = struct.pack(">BhB", 0x81, packet.at - self._cluster_at, 0x80 if packet.is_key else 0)
        self._cluster.append(_element(0xA3, head + packet.data))
        self._end = packet.at + _LAST_PICTURE

    def close(self) -> None:
        """Write the index, and at the beginning what is known only now."""
        self._flush()
        cues_at = self._file.tell() - self._segment
        self._file.write(_element(_CUES, b"".join(_cue(at, position) for at, position in self._cues)))
        size = self._file.tell() - self._segment
        self._file.seek(self._segment - 8)
        self._file.write(struct.pack(">Q", size | 1 << 56))
        self._write_head(cues_at)

    def _flush(self) -> None:
        if self._cluster:
            self._file.write(_element(_CLUSTER, _number(0xE7, self._cluster_at) + b"".join(self._cluster)))
        self._cluster = []

    def _write_head(self, cues_at: int) -> None:
        """Seek head, information and track: as long at the second time as at the first."""
        info = _element(_INFO, _information(self._end, self._begins_at))
        length = len(_seek_head(0, 0, 0))
        self._file.write(_seek_head(length, length + len(info), cues_at) + info + self._head)


def _information(end: int, begins_at: datetime) -> bytes:
    nanoseconds = (begins_at - _EPOCH) // timedelta(microseconds=1) * 1000
    return b"".join(
        (
            _number(0x2AD7B1, 1_000_000),  # a tick is a millisecond
            _element(0x4489, struct.pack(">d", float(end))),
            _element(0x4461, struct.pack(">q", nanoseconds)),
            _element(0x4D80, b"ProctorWise"),
            _element(0x5741, b"ProctorWise"),
        )
    )


def _track(size: tuple[int, int]) -> bytes:
    width, height = size
    video = _number(0xB0, width) + _number(0xBA, height)
    fields = _number(0xD7, 1), _number(0x73C5, 1), _number(0x83, 1), _number(0x9C, 0)
    return _element(0xAE, b"".join((*fields, _element(0x86, b"V_VP8"), _element(0xE0, video))))


def _cue(at: int, position: int) -> bytes:
    place = _number(0xF7, 1) + _number(0xF1, position)
    return _element(0xBB, _number(0xB3, at) + _element(0xB7, place))


def _seek_head(info_at: int, tracks_at: int, cues_at: int) -> bytes:
    places: Sequence[tuple[int, int]] = ((_INFO, info_at), (_TRACKS, tracks_at), (_CUES, cues_at))
    entries = (
        _element(_SEEK_ID, _id(name)) + _element(_SEEK_POSITION, struct.pack(">Q", at)) for name, at in places
    )
    return _element(_SEEK_HEAD, b"".join(_element(_SEEK, entry) for entry in entries))


def _ebml_header() -> bytes:
    fields = ((0x4286, 1), (0x42F7, 1), (0x42F2, 4), (0x42F3, 8))
    versions = _number(0x4287, 4) + _number(0x4285, 2)
    kind = _element(0x4282, b"webm")
    return _element(_EBML, b"".join(_number(name, value) for name, value in fields) + kind + versions)


def _id(name: int) -> bytes:
    return name.to_bytes((name.bit_length() + 7) // 8)


def _number(name: int, value: int) -> bytes:
    return _element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8)))


def _element(name: int, body: bytes) -> bytes:
    for width in range(1, 9):
        if len(body) < (1 << 7 * width) - 1:
            return _id(name) + (len(body) | 1 << 7 * width).to_bytes(width) + body
    raise ValueError("an element is too large")
