"""Where segments lie on this node's disk: one folder per attempt; every call blocks."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from api.spool.pack_file import read_index, read_range, sync_folder
from schema import pack
from schema.failures import Failure
from schema.salvage import salvage
from schema.segment import Segment

QUARANTINE = "quarantine"


class Shelf:
    """Paths, what is read from them, and their removal.

    A trimmed segment leaves a `.keys` file, its index, until the attempt has ended: a frame that a browser sends
    again much later still gets its first acknowledgement.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, segment: Segment) -> Path:
        """The segment's pack."""
        return self._folder_of(segment.attempt_id) / f"{segment.segment_id}.pack"

    def has(self, segment: Segment) -> bool:
        """Whether its pack lies here."""
        return self.path_of(segment).is_file()

    def entries_of(self, segment: Segment) -> tuple[pack.IndexEntry, ...]:
        """The index of a sealed segment; of one whose index is damaged its whole records. Raises FileNotFoundError."""
        return _entries(self.path_of(segment))

    def read(self, segment: Segment, start: int, length: int) -> bytes:
        """A range of its pack. Raises FileNotFoundError."""
        return read_range(self.path_of(segment), start, length)

    def known_entries(self, attempt_id: UUID) -> Iterator[pack.IndexEntry]:
        """Every record of the attempt that ever lay here, trimmed ones included."""
        folder = self._folder_of(attempt_id)
        for path in sorted(folder.glob("*.keys")):
            yield from pack.decode_index(path.read_bytes())
        for path in sorted(folder.glob("*.pack")):
            yield from _entries(path)

    def trim(self, segment: Segment) -> None:
        """Remove the pack and keep its index; doing it again changes nothing."""
        path = self.path_of(segment)
        if not path.is_file():
            return
        keys = path.with_suffix(".keys")
        draft = path.with_suffix(".draft")
        draft.write_bytes(pack.encode_index(_entries(path), 0))
        draft.replace(keys)
        sync_folder(path.parent)
        path.unlink()

    def aside(self, attempt_id: UUID) -> Path:
        """Where files lie that were found damaged, as they were, until the attempt's pictures are deleted."""
        return self._folder / QUARANTINE / str(attempt_id)

    def set_aside(self) -> Sequence[UUID]:
        """The attempts of which damaged files lie aside."""
        folder = self._folder / QUARANTINE
        return [UUID(path.name) for path in folder.iterdir()] if folder.is_dir() else []

    def clear_aside(self, attempt_id: UUID) -> None:
        """Remove the damaged files of an attempt."""
        shutil.rmtree(self.aside(attempt_id))

    def clear(self, attempt_id: UUID) -> None:
        """Remove the folder of an attempt that has ended and whose packs are all trimmed."""
        folder = self._folder_of(attempt_id)
        if folder.is_dir() and not any(folder.glob("*.pack")):
            shutil.rmtree(folder)

    def _folder_of(self, attempt_id: UUID) -> Path:
        return self._folder / str(attempt_id)


def _entries(path: Path) -> tuple[pack.IndexEntry, ...]:
    try:
        return read_index(path)
    except Failure:
        return _scanned(path)


def _scanned(path: Path) -> tuple[pack.IndexEntry, ...]:
    return salvage(path.read_bytes()).entries
