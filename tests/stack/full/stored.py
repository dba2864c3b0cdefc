"""What an attempt left in HDFS, looked at over WebHDFS itself: lengths, copies, contents."""

import gzip
import hashlib
import json
from uuid import UUID

import hdfs
from sqlalchemy import select

from api.demo.person import Person
from schema.db.tables.monitoring import SegmentRow
from schema.segment import SegmentState
from tests.product.house import House

COPIES = 2
UPLOADED = {SegmentState.UPLOADED, SegmentState.TRIMMED}


def files_of(house: House) -> hdfs.InsecureClient:
    """HDFS below the lake's folder."""
    settings = house.product.settings
    return hdfs.InsecureClient(settings.hdfs_url, user=settings.hdfs_user, root=settings.hdfs_root)


async def are_uploaded(house: House, attempt_id: str) -> bool:
    """Whether nothing of the attempt is on the API node only."""
    return all(segment.state in UPLOADED for segment in await _segments(house, attempt_id))


async def check_frames(house: House, attempt_id: str) -> int:
    """Every segment stands there as the database knows it. Returns how many frames they hold."""
    files = files_of(house)
    segments = await _segments(house, attempt_id)
    for segment in segments:
        content = _read(files, segment.object_name)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (segment.bytes, segment.sha256)
    return sum(segment.frames for segment in segments)


async def check_archive(house: House, admin: Person, attempt_id: str, names: list[str]) -> None:
    """Every object of the archive has the length that the product says, and is what its name says."""
    said = await admin.get(f"/api/analytics/attempts/{attempt_id}/archive")
    sizes = {one["name"]: one["size"] for one in said}
    assert set(names) <= set(sizes)
    files = files_of(house)
    for name, size in sizes.items():
        content = _read(files, name)
        assert len(content) == size > 0, name
        if name.endswith(".pdf"):
            assert content.startswith(b"%PDF-")
            assert content.rstrip().endswith(b"%%EOF")
        elif name.endswith(".json.gz"):
            assert json.loads(gzip.decompress(content))["events"], name


async def _segments(house: House, attempt_id: str) -> list[SegmentRow]:
    async with house.databases.monitoring.read() as session:
        query = select(SegmentRow).where(SegmentRow.attempt_id == UUID(attempt_id))
        return list(await session.scalars(query))


def _read(files: hdfs.InsecureClient, name: str) -> bytes:
    status = files.status(name)
    with files.read(name) as reader:
        content: bytes = reader.read()
    assert (status["length"], status["replication"]) == (len(content), COPIES), name
    return content
