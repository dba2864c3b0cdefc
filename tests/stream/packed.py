"""Recordings that lie in the lake already, written without a browser: many frames at the times a test chooses."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from schema import pack
from schema.db.tables.monitoring import SegmentRow
from schema.ids import new_id
from schema.record import Record, RecordKind
from schema.segment import SegmentState
from tests.stream.node import Node
from tests.stream.watching import START

PER_SEGMENT = 120


def frames_at(times: Sequence[timedelta], body: bytes, stream_id: UUID) -> list[Record]:
    """A frame for each time after the start; each body is another one."""
    return [
        Record(2**32 + n, RecordKind.FRAME, stream_id, n, START + at, START + at, body + n.to_bytes(4))
        for n, at in enumerate(times, start=1)
    ]


async def store_packs(node: Node, attempt_id: UUID, records: Sequence[Record]) -> None:
    """Sealed, uploaded and trimmed."""
    for first in range(0, len(records), PER_SEGMENT):
        some = records[first : first + PER_SEGMENT]
        header = pack.PackHeader(attempt_id, some[0].received_at)
        open_file = pack.encode_header(header) + pack.encode_records(some)
        found = pack.scan(open_file)
        data = open_file + pack.encode_index(found.entries, found.end)
        name = f"raw/frames/2026/11/22/{attempt_id}/{some[0].offset}-{some[-1].offset}.pack"
        await node.store.put(name, data)
        row = SegmentRow(
            segment_id=new_id(),
            attempt_id=attempt_id,
            node_id="gone",
            state=SegmentState.TRIMMED,
            first_offset=some[0].offset,
            last_offset=some[-1].offset,
            records=len(some),
            frames=len(some),
            bytes=len(data),
            object_name=name,
            created_at=some[0].received_at,
        )
        async with node.databases.monitoring.write() as session:
            session.add(row)
