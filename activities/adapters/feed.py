"""The RecordFeed and the SegmentSource of workers: they ask the API node over its internal feed."""

import asyncio
from pathlib import Path
from uuid import UUID

import httpx

from activities.ports import FeedPage
from schema import pack
from schema.failures import STATUS, Failure, FailureType
from schema.segment import Segment
from schema.stream import FINAL_HEADER


class HttpRecordFeed:
    """Implements RecordFeed."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def read(self, attempt_id: UUID, after: int, limit: int, wait: float) -> FeedPage:
        """Up to `limit` records with offset > `after`; waits up to `wait` seconds. Raises UNAVAILABLE."""
        path = f"/api/monitoring/internal/attempts/{attempt_id}/records"
        question = {"after": after, "limit": limit, "wait": round(wait, 3)}
        answer = await _get(self._client, path, question)
        records = tuple(pack.decode_records(answer.content))
        return FeedPage(records, is_final=answer.headers[FINAL_HEADER] == "true")


class NodeSegmentSource:
    """Implements SegmentSource: the file itself where its node is this machine, else the node's answer.

    `spools` is the folder that holds one folder per node.
    """

    def __init__(self, spools: Path, client: httpx.AsyncClient) -> None:
        self._spools = spools
        self._client = client

    async def read(self, segment: Segment) -> bytes:
        """The whole pack. Raises NOT_FOUND, UNAVAILABLE."""
        path = self._spools / segment.node_id / str(segment.attempt_id) / f"{segment.segment_id}.pack"
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            return await self._ask(segment)

    async def _ask(self, segment: Segment) -> bytes:
        answer = await _get(self._client, f"/api/monitoring/internal/segments/{segment.segment_id}", {})
        return answer.content


async def _get(client: httpx.AsyncClient, path: str, question: dict[str, int | float]) -> httpx.Response:
    try:
        answer = await client.get(path, params=question)
    except httpx.HTTPError as error:
        raise Failure(
            FailureType.UNAVAILABLE, f"The API node does not answer at {path}: {type(error).__name__}."
        ) from error
    if answer.status_code == STATUS[FailureType.NOT_FOUND]:
        raise Failure(FailureType.NOT_FOUND, f"The API node has nothing at {path}.")
    if answer.status_code == STATUS[FailureType.UNAUTHENTICATED]:
        raise Failure(
            FailureType.UNAUTHENTICATED, "The API node refuses INTERNAL_TOKEN; set the same one for both."
        )
    if answer.is_error:
        raise Failure(FailureType.UNAVAILABLE, f"The API node answers {answer.status_code} at {path}.")
    return answer
