"""Mends segments that were open when the node stopped: cuts torn tails, says so in the stream, and seals them."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import UUID

from api.spool.attempt import SpooledAttempt
from api.spool.pack_file import Loss, PackFile, Recovered
from api.spool.shelf import Shelf
from api.spool.spool import OwedSeal, Spool
from schema import pack
from schema.record import EPOCH_SHIFT, ConnectionFact, ConnectionFactKind, Record, RecordKind
from schema.segment import Segment
from schema.stream import Presence

log = logging.getLogger(__name__)

_RESTARTED = (ConnectionFactKind.SERVER_RESTARTED, ConnectionFactKind.CLOSED)


async def recover(spool: Spool) -> int:
    """Mend every segment of this node that is open in the database and not in this process; how many were."""
    rows = await spool.segments.open_of(spool.policy.node_id)
    mended = 0
    for attempt_id, group in groupby(rows, lambda row: row.attempt_id):
        mended += await _recover_attempt(spool, attempt_id, list(group))
    return mended


async def _recover_attempt(spool: Spool, attempt_id: UUID, rows: Sequence[Segment]) -> int:
    attempt = await spool.attempt(attempt_id)
    async with attempt.lock:
        held = {segment.segment.segment_id for segment in attempt.segments}
        held |= {owed.segment.segment_id for owed in spool.owed_seals}
        # Read again under the lock: a stream may have begun or ended since.
        still_open = {row.segment_id for row in await spool.segments.open_of(spool.policy.node_id)}
        lost = [row for row in rows if row.segment_id in still_open - held and not _is_live(attempt, row)]
        accepted = await _accepted(spool, attempt_id) if lost else 0
        for row in lost:
            facts = _RESTARTED if row is lost[-1] else ()
            known = max(accepted, row.first_offset) if _is_old(spool, row) else accepted
            owed = await asyncio.to_thread(_mend, spool.shelf, row, facts, known, spool.now())
            spool.owed_seals.append(owed)
            await spool.pay(owed)
        if lost:
            await spool.streams.close_streams(attempt_id, spool.policy.node_id, spool.now())
            _went_missing(attempt, lost[-1])
        attempt.wake()
    return len(lost)


async def _accepted(spool: Spool, attempt_id: UUID) -> int:
    """The newest offset that anything in the database knows of; notes of it are a second or two late."""
    analysed = await spool.waiting.analysed([attempt_id])
    noted = [state.last_offset or 0 for state in await spool.streams.states([attempt_id])]
    return max(0, *analysed.values(), *noted)


def _is_old(spool: Spool, row: Segment) -> bool:
    return spool.now() - row.created_at >= timedelta(seconds=spool.policy.segment_seconds)


def _is_live(attempt: SpooledAttempt, row: Segment) -> bool:
    """Offsets of this epoch are still being given: whatever is wrong with the row waits for the stream's end."""
    return attempt.connection is not None and row.first_offset >> EPOCH_SHIFT == attempt.epoch


def _went_missing(attempt: SpooledAttempt, last: Segment) -> None:
    if attempt.connection is None and attempt.epoch == 0:  # as good as new in this process
        attempt.epoch = last.first_offset >> EPOCH_SHIFT
        attempt.presence = Presence.MISSING


def _mend(
    shelf: Shelf, row: Segment, facts: Sequence[ConnectionFactKind], accepted: int, now: datetime
) -> OwedSeal:
    """Cut, append the facts, seal; blocking. A segment that already says ENDED gets no further facts.

    `accepted` is the newest offset that is known to have been written anywhere.
    """
    path = shelf.path_of(row)
    # An empty segment's row only says from where it may have begun: the one before may have gone on a little.
    known = (entry.offset for entry in shelf.known_entries(row.attempt_id))
    after = max(known, default=0)
    header = pack.PackHeader(row.attempt_id, row.created_at)
    file, found = PackFile.recover(path, header, shelf.aside(row.attempt_id))
    if found.loss is Loss.MISSING and max(after, accepted) < row.first_offset:
        found = Recovered(())  # the node stopped between the row and the file: nothing was ever in it
    entries = list(found.entries)
    first = _first_of(row, entries, after, found.loss)
    is_final = bool(entries) and _says_ended(path, entries[-1])
    try:
        # A segment without a record would have no range: it says at least that the server restarted.
        for fact in () if is_final else _facts(facts if entries or facts else _RESTARTED[:1], found.loss):
            offset = entries[-1].offset + 1 if entries else max(row.first_offset, after + 1)
            _append(file, entries, offset, fact, now)
        checksum = file.seal(entries)
    finally:
        file.close()
    frames = sum(entry.kind is RecordKind.FRAME for entry in entries)
    if found.loss is not None:
        log.error("segment %s of attempt %s was %s: %s whole records are left", *_named(row, found))
    sealed = replace(
        row,
        first_offset=min(first, entries[0].offset),
        last_offset=entries[-1].offset,
        frames=frames,
        size=file.size,
        sha256=checksum,
    )
    return OwedSeal(sealed, len(entries), is_final)


def _first_of(row: Segment, entries: Sequence[pack.IndexEntry], after: int, loss: Loss | None) -> int:
    """Where the segment began. Of a damaged one the beginning may be what is missing."""
    if not entries or loss is None:
        return 2**63 - 1
    epoch = entries[0].offset >> EPOCH_SHIFT
    return max(after if after < entries[0].offset else 0, (epoch << EPOCH_SHIFT), row.first_offset - 1) + 1


def _facts(kinds: Sequence[ConnectionFactKind], loss: Loss | None) -> Iterator[ConnectionFact]:
    """What was lost comes first; how many records that were, gaps in the offsets tell, and of an end nothing does."""
    if loss is not None:
        yield ConnectionFact(kind=ConnectionFactKind.RECORDS_LOST, detail=loss.value)
    for kind in kinds:
        yield ConnectionFact(kind=kind)


def _named(row: Segment, found: Recovered) -> tuple[object, ...]:
    return row.segment_id, row.attempt_id, found.loss, len(found.entries)


def _append(
    file: PackFile, entries: list[pack.IndexEntry], offset: int, fact: ConnectionFact, now: datetime
) -> None:
    stream_id = entries[-1].stream_id if entries else UUID(int=0)
    record = Record(offset, RecordKind.CONNECTION, stream_id, 0, now, now, fact.body())
    position = file.size
    file.append([pack.encode_record(record)])
    entries.append(pack.entry_of(record, position))


def _says_ended(path: Path, last: pack.IndexEntry) -> bool:
    if last.kind is not RecordKind.CONNECTION:
        return False
    record, _ = pack.decode_record(path.read_bytes(), last.position)
    return ConnectionFact.model_validate_json(record.body).kind is ConnectionFactKind.ENDED
