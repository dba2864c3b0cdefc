"""The one reader of JPEG headers: what is taken anywhere in the product is measured here, without being decoded.

Only baseline pictures are taken (ITU-T T.81, annex B: one SOF0 of 8 bits with one or three components). Their decoding
costs no more than their bytes and pixels allow; a progressive one may hide thousands of passes in a small file.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from schema.failures import Failure, FailureType
from schema.frame.exif import orientation_of
from schema.frame.table import broken, check_huffman, check_quantisation

START, END = b"\xff\xd8", b"\xff\xd9"
MOST_SEGMENTS = 200
_MOST_BLOCKS = 10  # of one unit of a scan (T.81, B.2.3)
_FILL, _EOI, _APP0, _APP15 = 0xFF, 0xD9, 0xE0, 0xEF
_SOF0, _SOS, _DHT, _DQT, _DRI, _EXIF, _COMMENT = 0xC0, 0xDA, 0xC4, 0xDB, 0xDD, 0xE1, 0xFE
_REFUSED = {
    0xC1: "it is an extended sequential JPEG",
    0xC2: "it is a progressive JPEG",
    0xC3: "it is a lossless JPEG",
    0xC8: "it is of a reserved kind",
    0xCC: "it uses arithmetic coding",
    0xDC: "its height comes after the picture",
    0xDE: "it is a hierarchical JPEG",
    0xDF: "it is a hierarchical JPEG",
    **dict.fromkeys((0xC5, 0xC6, 0xC7), "it is a hierarchical JPEG"),
    **dict.fromkeys((0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF), "it uses arithmetic coding"),
}
# In the coded picture a 0xFF is followed by 0x00, or it is a restart marker; anything else is the next segment.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")


@dataclass(frozen=True, slots=True)
class JpegLimits:
    """The most, and the least, that a picture may have."""

    most_bytes: int
    most_pixels: int
    longest_side: int
    shortest_side: int = 1
    is_upright: bool = False  # refuse a picture that says it must be turned to be seen


@dataclass(slots=True)
class JpegHeader:
    """What a picture says of itself; `orientation` as Exif counts it, 1 is upright."""

    width: int = 0
    height: int = 0
    orientation: int = 1
    comments: list[bytes] = field(default_factory=list)


def read_jpeg(data: bytes, limits: JpegLimits) -> JpegHeader:
    """The header of a whole baseline JPEG within the limits.

    Raises TOO_LARGE beyond them, UNSUPPORTED for what is no JPEG or of another kind, INVALID for a broken one.
    """
    if len(data) > limits.most_bytes:
        message = f"The picture has {len(data)} bytes; {limits.most_bytes} is the limit. Lower its quality or its size."
        raise Failure(FailureType.TOO_LARGE, message, limit=limits.most_bytes)
    if not data.startswith(START):
        raise Failure(FailureType.UNSUPPORTED, "The picture is not a JPEG; send image/jpeg.")
    header = _Walk(data, limits).header()
    if limits.is_upright and header.orientation != 1:
        raise Failure(
            FailureType.UNSUPPORTED,
            f"The picture must be turned to be seen (Exif orientation {header.orientation}); send it upright.",
        )
    return header


def _check_size(width: int, height: int, limits: JpegLimits) -> None:
    size = f"The picture has {width}x{height} pixels"
    if max(width, height) > limits.longest_side:
        message = f"{size}; {limits.longest_side} is the limit of a side. Scale it down."
        raise Failure(FailureType.TOO_LARGE, message, limit=limits.longest_side)
    if width * height > limits.most_pixels:
        message = f"{size}; {limits.most_pixels} in all is the limit. Scale it down."
        raise Failure(FailureType.TOO_LARGE, message, limit=limits.most_pixels)
    if min(width, height) < limits.shortest_side:
        message = f"{size}, too few to show anything: {limits.shortest_side} is the least of a side."
        raise Failure(FailureType.INVALID, message, limit=limits.shortest_side)


class _Walk:
    """One walk over a picture's segments, from its start to its end."""

    def __init__(self, data: bytes, limits: JpegLimits) -> None:
        self._data = data
        self._limits = limits
        self._at = len(START)
        self._header = JpegHeader()
        self._components: dict[int, tuple[int, int]] = {}  # blocks in a unit, quantisation table
        self._tables: set[tuple[str, int]] = set()
        self._scanned: set[int] = set()
        self._coded = 0  # bytes
        self._readers: dict[int, Callable[[bytes], None]] = {
            _SOF0: self._frame,
            _SOS: self._scan,
            _DHT: lambda body: self._define(check_huffman(body)),
            _DQT: lambda body: self._define(check_quantisation(body)),
            _DRI: self._restart,
            _EXIF: self._exif,
            _COMMENT: self._header.comments.append,
        }

    def header(self) -> JpegHeader:
        """Every segment in its order; raises at the first that breaks a rule."""
        for _ in range(MOST_SEGMENTS):
            marker = self._marker()
            if marker == _EOI:
                self._finish()
                return self._header
            self._segment(marker, self._body())
        raise broken(f"it has more than {MOST_SEGMENTS} segments")

    def _marker(self) -> int:
        if self._data[self._at : self._at + 1] != b"\xff":
            raise broken("it is cut off" if self._at >= len(self._data) else f"no marker at byte {self._at}")
        while self._at < len(self._data) and self._data[self._at] == _FILL:
            self._at += 1
        if self._at == len(self._data):
            raise broken("it is cut off")
        self._at += 1
        return self._data[self._at - 1]

    def _body(self) -> bytes:
        length = int.from_bytes(self._data[self._at : self._at + 2])
        body = self._data[self._at + 2 : self._at + length]
        if length < 2 or len(body) != length - 2:
            raise broken(f"the segment at byte {self._at} is cut off")
        self._at += length
        return body

    def _segment(self, marker: int, body: bytes) -> None:
        if marker in _REFUSED:
            message = f"The picture cannot be taken: {_REFUSED[marker]}. Send a baseline JPEG, as browsers write it."
            raise Failure(FailureType.UNSUPPORTED, message)
        read = self._readers.get(marker)
        if read is not None:
            read(body)
        elif not _APP0 <= marker <= _APP15:
            raise broken(f"a segment of no known kind (0x{marker:02x})")

    def _define(self, tables: frozenset[tuple[str, int]]) -> None:
        self._tables |= tables

    def _restart(self, body: bytes) -> None:
        if len(body) != 2:
            raise broken("its restart interval has no length")

    def _exif(self, body: bytes) -> None:
        self._header.orientation = orientation_of(body) or self._header.orientation

    def _frame(self, body: bytes) -> None:
        if self._components:
            raise broken("it says twice how large it is")
        if len(body) < 6 or len(body) != 6 + 3 * body[5]:
            raise broken("the start of the frame is cut off")
        precision, components = body[0], body[5]
        height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
        if precision != 8:
            raise Failure(
                FailureType.UNSUPPORTED, f"The picture has {precision} bits a colour; send one of 8."
            )
        if components not in {1, 3}:
            kind = "CMYK, as for print" if components == 4 else f"of {components} colours"
            raise Failure(FailureType.UNSUPPORTED, f"The picture is {kind}; send a grey or a colour JPEG.")
        if not width or not height:
            raise broken(f"it says that it has {width}x{height} pixels")
        _check_size(width, height, self._limits)
        self._header.width, self._header.height = width, height
        for at in range(6, len(body), 3):
            across, down = body[at + 1] >> 4, body[at + 1] & 15
            if not (1 <= across <= 4 and 1 <= down <= 4) or body[at] in self._components:
                raise broken("its components make no sense")
            self._components[body[at]] = across * down, body[at + 2]

    def _scan(self, body: bytes) -> None:
        if len(body) < 6 or len(body) != 4 + 2 * body[0] or not self._components:
            raise broken("the start of its picture is damaged")
        chosen = [(body[at], body[at + 1]) for at in range(1, len(body) - 3, 2)]
        for component, tables in chosen:
            if component not in self._components or component in self._scanned:
                raise broken("a colour comes twice or is none of its own")
            self._scanned.add(component)
            needed = {("dc", tables >> 4), ("ac", tables & 15), ("q", self._components[component][1])}
            if not needed <= self._tables:
                raise broken("a table is missing")
        if len(chosen) > 1 and sum(self._components[name][0] for name, _ in chosen) > _MOST_BLOCKS:
            raise broken("too many blocks in one unit")
        if body[-3:] != b"\x00\x3f\x00":
            raise broken("its picture is no baseline one")
        self._skip_coded()

    def _skip_coded(self) -> None:
        following = _NEXT_MARKER.search(self._data, self._at)
        if following is None:
            raise broken("it has no end; it is cut off")
        self._coded += following.start() - self._at
        self._at = following.start()

    def _finish(self) -> None:
        rest = self._data[self._at :]
        if not self._components or self._scanned != self._components.keys():
            raise broken("a part of its picture is missing")
        if rest.strip(b"\x00"):
            raise broken(f"{len(rest)} bytes follow its end")
        # Each block of 8x8 has two codes, of one bit at the least: what has fewer bits was cut off and given a new end.
        if 8 * self._coded < 2 * -(-self._header.width // 8) * -(-self._header.height // 8):
            raise broken("most of its picture is missing; it is cut off")
