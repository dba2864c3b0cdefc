"""Events into the lake's files: JSON lines, one file per topic and day below raw/events/{topic}/{year}/{month}/{day}/.

A file is appended to and synced, never written anew: a day has at most twelve files however often the relay
runs, and a batch costs one sync per file it touches. A file per batch would be simpler, and would fill the
lake with small files, which HDFS suffers from; replacing an object would write the whole day with each batch.

What makes a crash harmless: the relay marks events only after `publish` has returned, so a line that was cut
off belongs to an event that will come again, and to the same file (the day is the one when it occurred).
Whoever opens the file next cuts off what is no whole line at its end and reads which events are in it; those are
not written again. A damaged line costs the event that it was and no other. The file is locked while it is read and
appended to, so two relays at once are harmless.
"""

import asyncio
import fcntl
import json
import logging
import os
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from activities.adapters.files import sync_folder
from schema.events import Envelope

LOG = logging.getLogger(__name__)

FILE_NAME = "events.jsonl"
FILES_REMEMBERED = 48  # two days of every topic


def event_folder(envelope: Envelope) -> str:
    """The folder of its topic and of the day when it occurred, in UTC."""
    return f"raw/events/{envelope.type}/{envelope.occurred_at.astimezone(UTC):%Y/%m/%d}"


def event_file_name(envelope: Envelope) -> str:
    """Where an event stands in a lake of local files."""
    return f"{event_folder(envelope)}/{FILE_NAME}"


class LakeSink:
    """An EventSink over a local folder of the lake."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Path, _Written] = {}

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Append those that are not in their files yet; returns once they are synced."""
        by_file: dict[str, list[Envelope]] = defaultdict(list)
        for envelope in envelopes:
            by_file[event_file_name(envelope)].append(envelope)
        for name, group in by_file.items():
            await asyncio.to_thread(self._append, self._folder / name, group)

    def _append(self, path: Path, envelopes: Sequence[Envelope]) -> None:
        is_new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            written = self._written(path, file)
            written.add(file, envelopes)
        if is_new:
            sync_folder(path.parent)

    def _written(self, path: Path, file: BinaryIO) -> "_Written":
        known = self._known.pop(path, None)
        if known is None or known.size != os.fstat(file.fileno()).st_size:
            known = _Written.read(file)
        self._known[path] = known  # the last in the dictionary is the one used last
        while len(self._known) > FILES_REMEMBERED:
            del self._known[next(iter(self._known))]
        return known


class _Written:
    """Which events stand in a file that ends with a whole line at `size`."""

    def __init__(self, event_ids: set[UUID], size: int) -> None:
        self.event_ids = event_ids
        self.size = size

    @classmethod
    def read(cls, file: BinaryIO) -> "_Written":
        """Cut off what a crash left after the last whole line, and read what is in the file.

        A line that is damaged stays: those behind it are events all the same, and readers count what is none.
        """
        file.seek(0)
        data = file.read()
        size = data.rfind(b"\n") + 1
        lines = data[:size].splitlines(keepends=True)
        while lines and _event_id(lines[-1]) is None:  # a crash may leave bytes that were never written whole
            size -= len(lines.pop())
        file.truncate(size)
        found = [_event_id(line) for line in lines]
        if None in found:
            LOG.error("%s lines of %s are no events any more", found.count(None), file.name)
        return cls({event_id for event_id in found if event_id is not None}, size)

    def add(self, file: BinaryIO, envelopes: Sequence[Envelope]) -> None:
        """Append the new ones in one write and sync."""
        new = {e.event_id: e for e in envelopes if e.event_id not in self.event_ids}
        text = b"".join(envelope.model_dump_json().encode() + b"\n" for envelope in new.values())
        if text:
            self.size = -1  # until it is synced nothing is sure; an error makes the next one read again
            _write_all(file, text)
            os.fsync(file.fileno())
            self.event_ids.update(new)
            self.size = os.fstat(file.fileno()).st_size


def _event_id(line: bytes) -> UUID | None:
    """None for a line that is no event."""
    try:
        return UUID(json.loads(line)["event_id"])
    except (ValueError, KeyError, TypeError):
        return None


def _write_all(file: BinaryIO, text: bytes) -> None:
    rest = memoryview(text)
    while rest:
        rest = rest[file.write(rest) :]
