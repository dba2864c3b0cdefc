"""Exports an attempt's frames as a video into the lake, once nothing more comes."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio import activity

from activities.frame import PICTURES, FrameReader
from activities.heartbeat import beating
from activities.ports import ObjectStore, RecordFeed
from activities.recording.port import FilmInMaking, FilmSource
from schema.failures import Failure, FailureType
from schema.record import Record, RecordKind
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
        """Write the video in place of an earlier one, and one of the screen where it was shared.

        Raises UNAVAILABLE while frames cannot be read, and while another film is made: what waits holds no slot
        that the export of a history could have.
        """
        if self._turn.locked():
            raise Failure(FailureType.UNAVAILABLE, "another attempt's film is being made")
        async with self._turn, beating():
            self._folder.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self._folder) as folder:
                return await self._export(request, Path(folder))

    async def _export(self, request: ExportRecording, folder: Path) -> RecordingExported:
        films = {kind: self._film(folder / kind.name) for kind in PICTURES}
        with ExitStack() as begun:
            for film in films.values():
                begun.callback(film.close)
            await self._collect(request, films)
            return await self._keep(request, films)

    async def _keep(
        self, request: ExportRecording, films: Mapping[RecordKind, FilmInMaking]
    ) -> RecordingExported:
        exported = RecordingExported()
        for kind, film in films.items():
            path, count = await asyncio.to_thread(film.finish)
            if not count:
                continue
            name = recording_name(request.exam_id, request.attempt_id, kind)
            stored = await self._store.put(name, _pieces(path))
            told = (
                {"screens": count}
                if kind is RecordKind.SCREEN
                else {"name": name, "frames": count, "size": stored.size}
            )
            exported = exported.model_copy(update=told)
        return exported

    def _film(self, folder: Path) -> FilmInMaking:
        folder.mkdir()
        return self._films.film(folder)

    async def _collect(self, request: ExportRecording, films: Mapping[RecordKind, FilmInMaking]) -> None:
        some: list[Record] = []
        async for frame in self._reader.every_frame(request.attempt_id):
            some.append(frame)
            if len(some) == AT_ONCE:
                await asyncio.to_thread(_add, films, some)
                some = []
        await asyncio.to_thread(_add, films, some)


def _add(films: Mapping[RecordKind, FilmInMaking], frames: Sequence[Record]) -> None:
    for kind, film in films.items():
        film.add([frame for frame in frames if frame.kind is kind])


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
