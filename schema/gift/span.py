"""A stretch of a file that knows its lines, and GIFT's escapes: a backslash before ~ = # { } : or itself."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_ESCAPE = re.compile(r"\\([~=#{}:\\n])")


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, both counted from 1; columns count characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of one question joined by newlines; `starts` are the offsets of lines, `numbers` their numbers."""

    text: str
    starts: tuple[int, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, lines: list[tuple[int, str]]) -> "Source":
        """From (number, line) pairs; the numbers may have gaps where comments stood."""
        starts, offset = [], 0
        for _, line in lines:
            starts.append(offset)
            offset += len(line) + 1
        return cls("\n".join(line for _, line in lines), tuple(starts), tuple(number for number, _ in lines))

    def place(self, offset: int) -> Place:
        """Where in the file an offset is."""
        index = max(bisect_right(self.starts, offset) - 1, 0)
        return Place(self.numbers[index], offset - self.starts[index] + 1)


@dataclass(frozen=True, slots=True)
class Span:
    """`source.text[start:end]`."""

    source: Source
    start: int
    end: int

    @classmethod
    def whole(cls, source: Source) -> "Span":
        """All of it."""
        return cls(source, 0, len(source.text))

    @property
    def raw(self) -> str:
        """The text with its escapes."""
        return self.source.text[self.start : self.end]

    @property
    def text(self) -> str:
        r"""The text with its escapes resolved; `\n` is a line break."""
        return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], self.raw)

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.source.place(self.start)

    def __bool__(self) -> bool:
        return self.end > self.start

    def strip(self) -> "Span":
        """Without white space at both ends."""
        raw = self.raw
        start = self.start + len(raw) - len(raw.lstrip())
        return Span(self.source, start, max(start, self.start + len(raw.rstrip())))

    def find(self, token: str) -> int | None:
        """The offset of the first unescaped `token` in the source."""
        return next(self.all(token), None)

    def all(self, token: str) -> Iterator[int]:
        """The offsets of all unescaped `token`s (one of them per place, not overlapping)."""
        pattern = re.compile(rf"\\.|({re.escape(token)})", re.DOTALL)
        for found in pattern.finditer(self.source.text, self.start, self.end):
            if found[1] is not None:
                yield found.start()

    def before(self, offset: int) -> "Span":
        """Up to an offset of the source."""
        return Span(self.source, self.start, offset)

    def after(self, offset: int) -> "Span":
        """From an offset of the source on."""
        return Span(self.source, min(offset, self.end), self.end)

    def cut(self, token: str) -> "tuple[Span, Span | None]":
        """What stands before and after the first unescaped `token`; None when there is none."""
        offset = self.find(token)
        if offset is None:
            return self, None
        return self.before(offset), self.after(offset + len(token))
