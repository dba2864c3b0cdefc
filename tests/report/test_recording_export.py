"""The export of a recording: all frames of a feed, as one object of the lake, again and again the same."""

import asyncio
from datetime import timedelta
from pathlib import Path

import cv2
import pytest
from temporalio.testing import ActivityEnvironment

from activities.adapters.files import FileStore
from activities.adapters.memory.feed import MemoryRecordFeed
from activities.recording.activity import RecordingActivities
from activities.recording.port import FilmInMaking
from ml.film.maker import WebmFilm
from schema.failures import Failure
from schema.ids import new_id
from schema.record import Record, RecordKind
from schema.recording.task import ExportRecording, RecordingExported, recording_name
from tests.report.builder import BEGIN, jpeg

FRAMES = 150  # more than one page of the feed and one bunch of the film


class Films:
    """Real ones."""

    def film(self, folder: Path) -> FilmInMaking:
        return WebmFilm(folder)


def records(count: int) -> list[Record]:
    """Frames a second apart, with something else between them."""
    stream = new_id()
    kinds = [RecordKind.FRAME, RecordKind.CONNECTION]
    return [
        Record(2 * n + place, kind, stream, n, at := BEGIN + timedelta(seconds=n), at, jpeg(n % 5))
        for n in range(1, count + 1)
        for place, kind in enumerate(kinds)
    ]


class Exporter:
    """Exports into a lake below a folder."""

    def __init__(self, folder: Path) -> None:
        self.feed = MemoryRecordFeed()
        self.store = FileStore(folder / "lake")
        self.workshop = folder / "film"
        self.activities = RecordingActivities(self.feed, self.store, Films(), self.workshop)

    async def export(self, request: ExportRecording) -> RecordingExported:
        return await ActivityEnvironment().run(self.activities.export_recording, request)


async def test_all_frames_become_one_object_and_again_the_same(tmp_path: Path) -> None:
    exporter = Exporter(tmp_path)
    request = ExportRecording(attempt_id=new_id(), exam_id=new_id())
    exporter.feed.add(request.attempt_id, *records(FRAMES))
    exporter.feed.end(request.attempt_id)

    exported = await exporter.export(request)
    again = await exporter.export(request)

    assert exported == again
    assert exported.frames == FRAMES
    assert exported.name == f"raw/recordings/{request.exam_id}/{request.attempt_id}/recording.webm"
    assert [found.name for found in await exporter.store.list("raw")] == [exported.name]
    assert list(exporter.workshop.iterdir()) == []
    video = cv2.VideoCapture(str(tmp_path / "lake" / exported.name))
    shown = 0
    while video.read()[0]:
        shown += 1
    assert shown == FRAMES


async def test_what_came_after_a_reopening_takes_the_place_of_the_film_before(tmp_path: Path) -> None:
    exporter = Exporter(tmp_path)
    request = ExportRecording(attempt_id=new_id(), exam_id=new_id())
    all_frames = records(4)
    exporter.feed.add(request.attempt_id, *all_frames[:4])
    exporter.feed.end(request.attempt_id)
    before = await exporter.export(request)
    exporter.feed.add(request.attempt_id, *all_frames[4:])

    after = await exporter.export(request)

    assert (before.frames, after.frames) == (2, 4)
    assert before.name == after.name


async def test_a_shared_screen_has_a_video_of_its_own(tmp_path: Path) -> None:
    exporter = Exporter(tmp_path)
    request = ExportRecording(attempt_id=new_id(), exam_id=new_id())
    frames = records(20)
    screens = [
        Record(1000 + n, RecordKind.SCREEN, new_id(), n, frame.captured_at, BEGIN, jpeg(n % 5))
        for n, frame in enumerate(frames[::10])
    ]
    exporter.feed.add(request.attempt_id, *frames, *screens)
    exporter.feed.end(request.attempt_id)

    exported = await exporter.export(request)

    assert (exported.frames, exported.screens) == (20, 4)
    folder = f"raw/recordings/{request.exam_id}/{request.attempt_id}"
    names = [found.name for found in await exporter.store.list(folder)]
    assert sorted(names) == [f"{folder}/recording.webm", f"{folder}/screen.webm"]


async def test_a_recording_whose_end_cannot_be_read_yet_is_not_cut_short(tmp_path: Path) -> None:
    exporter = Exporter(tmp_path)
    request = ExportRecording(attempt_id=new_id(), exam_id=new_id())
    all_frames = records(FRAMES)
    exporter.feed.add(request.attempt_id, *all_frames[:FRAMES])

    with pytest.raises(Failure) as raised:
        await exporter.export(request)
    nothing = await exporter.store.stat(recording_name(request.exam_id, request.attempt_id))
    exporter.feed.add(request.attempt_id, *all_frames[FRAMES:])
    exporter.feed.end(request.attempt_id)

    assert raised.value.is_retryable
    assert nothing is None
    assert (await exporter.export(request)).frames == FRAMES


async def test_an_attempt_without_frames_leaves_no_object(tmp_path: Path) -> None:
    exporter = Exporter(tmp_path)
    request = ExportRecording(attempt_id=new_id(), exam_id=new_id())
    exporter.feed.end(request.attempt_id)

    exported = await exporter.export(request)

    assert exported == RecordingExported()
    assert await exporter.store.stat(recording_name(request.exam_id, request.attempt_id)) is None


async def test_whoever_waits_for_the_film_before_holds_no_slot_of_the_worker(tmp_path: Path) -> None:
    exporter = Exporter(tmp_path)
    requests = [ExportRecording(attempt_id=new_id(), exam_id=new_id()) for _ in range(2)]
    for request in requests:
        exporter.feed.add(request.attempt_id, *records(FRAMES))
        exporter.feed.end(request.attempt_id)

    first = asyncio.ensure_future(exporter.export(requests[0]))
    while not exporter.workshop.exists():
        await asyncio.sleep(0)
    with pytest.raises(Failure, match="another attempt's film") as refused:
        await exporter.export(requests[1])

    assert refused.value.is_retryable
    assert (await first).frames == FRAMES
    assert (await exporter.export(requests[1])).frames == FRAMES
