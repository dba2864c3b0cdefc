"""The log of sent mails in the lake: raw/mails/{year}/{month}/{day}/, one line a mail, ids only.

A restored database does not know what was sent since its copy was taken. The ids are derived from person and occasion
and say nothing of either.
"""

import asyncio
import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from activities.adapters.files import sync_folder
from activities.adapters.lake_number import days_between
from activities.ports import ObjectStore

LOG = logging.getLogger(__name__)
FOLDER = "raw/mails"
FILE_NAME = "sent.jsonl"


class FileMailLog:
    """Implements SentMailLog over a local folder of the lake: appended and synced, for mails are rare."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def note(self, mail_id: UUID, at: datetime) -> None:
        """Durable when it returns."""
        path = self._folder / _folder(at) / FILE_NAME
        try:
            await asyncio.to_thread(_append, path, _line(mail_id, at))
        except OSError as error:
            LOG.warning("the log of sent mails cannot be written: %s", error)

    async def flush(self) -> None:
        """Nothing waits."""


class StoreMailLog:
    """Implements SentMailLog over an object store that suffers from small files: gathered until `flush`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._waiting: dict[UUID, datetime] = {}

    async def note(self, mail_id: UUID, at: datetime) -> None:
        """Written with the next ones."""
        self._waiting[mail_id] = at

    async def flush(self) -> None:
        """One object of what was sent since. Raises UNAVAILABLE; then it is written later."""
        sent = dict(self._waiting)
        if not sent:
            return
        lines = b"".join(_line(mail_id, at) for mail_id, at in sent.items())
        name = f"{_folder(max(sent.values()))}/sent-{hashlib.sha256(lines).hexdigest()[:32]}.jsonl"
        await self._store.put(name, lines)
        for mail_id in sent:
            self._waiting.pop(mail_id, None)


async def mails_sent(store: ObjectStore, first: date, last: date) -> dict[UUID, datetime]:
    """What the log holds of these days, both included: when each mail was sent."""
    found: dict[UUID, datetime] = {}
    for day in days_between(first, last):
        for kept in await store.list(f"{FOLDER}/{day:%Y/%m/%d}"):
            found |= _read((await store.get(kept.name)).splitlines())
    return found


def _read(lines: Iterable[bytes]) -> dict[UUID, datetime]:
    found = {}
    for line in lines:
        try:
            told = json.loads(line)
            found[UUID(told["mail_id"])] = datetime.fromisoformat(told["sent_at"])
        except (ValueError, KeyError, TypeError):  # a line that was cut off
            continue
    return found


def _folder(at: datetime) -> str:
    return f"{FOLDER}/{at.astimezone(UTC):%Y/%m/%d}"


def _line(mail_id: UUID, at: datetime) -> bytes:
    return json.dumps({"mail_id": str(mail_id), "sent_at": at.isoformat()}).encode() + b"\n"


def _append(path: Path, line: bytes) -> None:
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(line)
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path.parent)
