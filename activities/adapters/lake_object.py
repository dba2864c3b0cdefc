"""Events into the lake as objects: one per topic, day and batch, for stores whose files cannot be added to cheaply.

HDFS suffers from small files, so whoever feeds this sink gathers events for a while first; compaction joins a
day's objects once it is over. An object's name comes from its events' ids, so a batch that is published
again replaces itself. One that comes back in other company stands twice, as events may: readers of the
lake take an `event_id` once. What this process has written it does not write again.
"""

import hashlib
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from activities.adapters.lake import event_folder
from activities.ports import ObjectStore
from schema.events import Envelope

REMEMBERED = 100_000  # events


class LakeObjectSink:
    """An EventSink over an object store."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._written: OrderedDict[UUID, None] = OrderedDict()

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Write those that are not there yet; returns once they are durable."""
        by_folder: dict[str, dict[UUID, Envelope]] = defaultdict(dict)
        for envelope in envelopes:
            if envelope.event_id not in self._written:
                by_folder[event_folder(envelope)][envelope.event_id] = envelope
        for folder, batch in by_folder.items():
            await self._store.put(f"{folder}/{_name(batch)}", _lines(batch.values()))
            self._remember(batch)

    def _remember(self, event_ids: Iterable[UUID]) -> None:
        for event_id in event_ids:
            self._written[event_id] = None
        while len(self._written) > REMEMBERED:
            self._written.popitem(last=False)


def _name(event_ids: Iterable[UUID]) -> str:
    said = b"".join(sorted(event_id.bytes for event_id in event_ids))
    return f"events-{hashlib.sha256(said).hexdigest()[:32]}.jsonl"


def _lines(envelopes: Iterable[Envelope]) -> bytes:
    return b"".join(envelope.model_dump_json().encode() + b"\n" for envelope in envelopes)
