"""Exports an attempt's frames as a video into the lake, once nothing more comes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio import activity

from activities.frame import FrameReader
from activities.heartbeat import beating
from activities.ports import ObjectStore, RecordFeed
from activities.recording.port import FilmInMaking, FilmSource
from schema.record import Record
from schema.recording.task import ExportRecording, RecordingExported, recording_name

AT_ONCE = 64  # frames
PIECE = 2**20  # bytes


class RecordingActivities:
    """`folder` is where films are made: each needs the room of its attempt's pictures twice, for minutes."""

    def __init__(self, feed: RecordFeed, store: ObjectStore, films: FilmSource, folder: Path) -> None:
        self._reader = FrameReader(feed)
        self._store = store
        self._films = films
        self._folder = folder
        self._turn = asyncio.Semaphore(1)  # coding keeps a core busy, so one film after the other

    @activity.defn
    async def export_recording(self, request: ExportRecording) -> RecordingExported:
        """Write the video in place of an earlier one. Raises UNAVAILABLE while frames cannot be read."""
        async with beating(), self._turn:
            self._folder.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self._folder) as folder:
                film = self._films.film(Path(folder))
                await self._collect(request, film)
                path, frames = await asyncio.to_thread(film.finish)
                if not frames:
                    return RecordingExported()
                name = recording_name(request.exam_id, request.attempt_id)
                stored = await self._store.put(name, _pieces(path))
        return RecordingExported(name=name, frames=frames, size=stored.size)

    async def _collect(self, request: ExportRecording, film: FilmInMaking) -> None:
        some: list[Record] = []
        async for frame in self._reader.every_frame(request.attempt_id):
            some.append(frame)
            if len(some) == AT_ONCE:
                await asyncio.to_thread(film.add, some)
                some = []
        await asyncio.to_thread(film.add, some)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
