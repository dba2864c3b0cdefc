"""A running node with clients that lie: whoever was not watched is below the minimum, or an incident says why."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from activities.adapters.sql.coverage_source import SqlCoverageSource
from activities.adapters.sql.incident_book import SqlIncidentBook
from activities.coverage.activity import CoverageActivities
from activities.ports import Watcher
from activities.watch import WatchActivities
from api.demo.camera import Camera
from api.demo.film import Scene, open_film
from api.demo.person import Person
from ml.analyst import FrameAnalyst
from ml.detector import Detectors
from ml.frame import Pixels
from schema.clock import ExamClock
from schema.coverage.figure import WatchCoverage
from schema.coverage.task import MeasureCoverage
from schema.detection import Face
from schema.incident import Incident
from schema.role import Role
from schema.task import WatchTask
from tests.ml.builder import a_face
from tests.ml.painted import PaintedFaces
from tests.stream import liar
from tests.stream.node import Node
from tests.stream.task import watch_task
from tests.stream.watching import HeardSignals

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

# What each sends, and what is said of it: an incident that counts, or a cause of what was not watched.
LIARS: Mapping[str, tuple[liar.Sends | None, str]] = {
    "never streams": (None, "never_streamed"),
    "connects and sends nothing": (liar.nothing, "never_streamed"),
    "stops after one picture": (liar.one_picture, "silent"),
    "sends a still": (liar.a_still, "frozen_picture"),
    "sends a film again and again": (liar.a_loop, "frozen_picture"),
    "sends frozen times": (liar.frozen_times, "clock_manipulated"),
    "sends jumping times": (liar.jumping_times, "clock_manipulated"),
}


class OneFace:
    """Always sees the student."""

    card = PaintedFaces.card

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """See FaceDetector."""
        return (a_face(),)


class Analysts:
    """Implements WatcherSource: the real rules over a detector that always sees the student."""

    @asynccontextmanager
    async def watching(self, watched: WatchTask) -> AsyncIterator[Watcher]:
        """A watcher for this attempt."""
        yield FrameAnalyst(watched.attempt_id, watched.detection, Detectors(OneFace(), None))


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, "inference") as executor:
        yield executor


@pytest.fixture
def node(shared_node: Node) -> Node:
    return shared_node


@pytest.fixture
def scene(node: Node) -> Scene:
    return open_film(node.settings.sample_media_dir).scenes[0]


async def test_whoever_was_not_watched_has_the_cause_named(
    node: Node, scene: Scene, thread: ThreadPoolExecutor
) -> None:
    sends = [*(sends for sends, _ in LIARS.values()), liar.honest]
    *liars, (coverage, incidents) = await asyncio.gather(*(_sit(node, scene, one, thread) for one in sends))

    for (measured, found), (name, (_, why)) in zip(liars, LIARS.items(), strict=True):
        said = {one.cause.value for one in measured.missing if measured.is_short}
        said |= {one.kind.value for one in found if one.is_scored}
        assert why in said, f"who {name}: {measured}, {found}"
    assert not coverage.is_short, coverage
    assert coverage.sent == coverage.analysed
    assert [one.kind for one in incidents if one.is_scored] == []


async def _sit(
    node: Node, scene: Scene, sends: liar.Sends | None, thread: ThreadPoolExecutor
) -> tuple[WatchCoverage, Sequence[Incident]]:
    """Watched while it sends, then handed in; what was measured and found."""
    attempt_id, student_id = await node.open_attempt()
    student = Person(node.settings.public_url, "", "").holding(
        await node.token(student_id, Role.STUDENT), str(student_id)
    )
    checkpoints = SqlCheckpointBook(node.databases.monitoring)
    watch = WatchActivities(node.feed, checkpoints, Analysts(), HeardSignals(), thread, "test")
    watching = asyncio.ensure_future(ActivityEnvironment().run(watch.watch_attempt, watch_task(attempt_id)))
    camera, began = Camera(student, str(attempt_id)), datetime.now(UTC)
    if sends is None:
        await asyncio.sleep(liar.SECONDS / 2)
    else:
        camera.open()
        await sends(camera, scene)
    until = datetime.now(UTC)
    await node.feeds.close(attempt_id)
    await watching
    await camera.close()
    await student.leave()
    source = SqlCoverageSource(node.databases.monitoring, node.databases.reservations)
    clock = ExamClock(allowed=timedelta(hours=1)).start(began)
    wanted = MeasureCoverage(attempt_id=attempt_id, clock=clock, until=until, minimum=90)
    measured = await CoverageActivities(source).measure_coverage(wanted)
    assert measured is not None
    return measured, await SqlIncidentBook(node.databases.monitoring).of_attempt(attempt_id)
