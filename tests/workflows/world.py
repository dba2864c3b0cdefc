"""The world around the workflows under test: small fakes of the ports, and activities that stand in for heavy ones."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError

from activities.adapters.attempt_commander import TemporalCommander
from activities.adapters.memory.operation_book import MemoryOperationBook
from activities.adapters.memory.outage import MemoryMark, MemoryOutage
from activities.adapters.memory.outage_book import MemoryOutageBook
from activities.adapters.memory.reservations import MemoryAttempt, MemoryReservations
from activities.coverage.port import WatchedStream
from schema import task
from schema.aftermath.late import AcceptedLate
from schema.attempt import Phase
from schema.coverage.account import CoverageAccount
from schema.coverage.figure import StreamTail
from schema.failures import Failure, FailureType
from schema.grading import RoundResult
from schema.ids import monitoring_workflow_id
from schema.incident import Incident, IncidentSignal
from schema.lifecycle import AttemptInput, AttemptProjection, AttemptView, Command, Step, WindowProjection
from schema.notice import Notify
from schema.outage.interval import Interval
from schema.outage.service import Component, Rules
from schema.recording.task import ExportRecording, RecordingExported
from schema.reservation import first_step
from schema.retention import DataDeleted, DeleteData, ExportHistories, HistoriesExported, WriteReceipt
from schema.review import EssayVerdict, ReviewDecision, ReviewState
from schema.ruling import knows_better

AT_ONCE = partial(asyncio.sleep, 0)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
RULES = Rules(tolerance=timedelta(seconds=4), failover=timedelta(minutes=10))


@dataclass
class World:
    """What was written, published and said; and what the next calls shall answer."""

    seats: dict[UUID, int] = field(default_factory=dict)  # capacity by slot; a slot not named has room
    holders: dict[UUID, UUID] = field(default_factory=dict)  # attempt -> slot
    waiting: dict[UUID, UUID] = field(default_factory=dict)  # attempt -> slot, in the order they came
    waited: set[UUID] = field(default_factory=set)  # attempts that began on a waiting list
    active: set[UUID] = field(default_factory=set)  # attempts that count as their student's active one
    is_already_reserved: bool = False
    projections: list[AttemptProjection] = field(default_factory=list)
    windows: list[WindowProjection] = field(default_factory=list)
    opened_feeds: list[UUID] = field(default_factory=list)
    reopened_feeds: list[UUID] = field(default_factory=list)
    closed_feeds: list[UUID] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    detector_down: list[task.DetectorDown] = field(default_factory=list)
    alerts: list[task.RaiseAlert] = field(default_factory=list)
    rulings: list[ReviewDecision] = field(default_factory=list)
    reviews: dict[UUID, list[ReviewState]] = field(default_factory=dict)
    notices: list[Notify] = field(default_factory=list)
    essays: list[task.EssayMarked] = field(default_factory=list)
    reports: list[task.WriteReport] = field(default_factory=list)
    exported: list[ExportHistories] = field(default_factory=list)
    recordings: list[ExportRecording] = field(default_factory=list)
    deleted: list[DeleteData] = field(default_factory=list)
    receipts: list[WriteReceipt] = field(default_factory=list)
    manual: tuple[UUID, ...] = ()  # questions that need a grader
    incidents: tuple[IncidentSignal, ...] = ()  # what watching will find
    known_incidents: tuple[IncidentSignal, ...] = ()  # what the database holds when watching begins
    during_swap: Callable[[], Awaitable[object]] = AT_ONCE
    refused_marks: int = 0  # so many times the rubric does not fit
    trouble: Counter[str] = field(default_factory=Counter)  # how often a call fails before it works
    trouble_is: FailureType = FailureType.UNAVAILABLE
    on_hold: bool = False
    silences: list[Interval] = field(default_factory=list)  # when the platform was away
    cause: str = "process"  # what was away then
    reservations: MemoryReservations = field(
        default_factory=MemoryReservations
    )  # attempts as outages see them
    settlements: list[UUID] = field(default_factory=list)  # attempts that asked before their deadline
    accepted: list[AcceptedLate] = field(default_factory=list)
    streams: dict[UUID, WatchedStream] = field(default_factory=dict)  # what was watched of whom
    late_answers: int = 1  # how many late answers an acceptance finds
    operations: MemoryOperationBook = field(default_factory=MemoryOperationBook)
    further: list[str] = field(
        default_factory=list
    )  # ids of workflows beside the attempt's own, to be recorded

    @property
    def steps(self) -> list[Step]:
        """All projected moves in the order they were written."""
        return [step for projection in self.projections for step in projection.steps]

    @property
    def story(self) -> list[str]:
        """The attempt's phases in order."""
        return [step.target for step in self.steps if step.machine == "attempt"]

    @property
    def told(self) -> list[str]:
        """Occasions people were told of, in order."""
        return [notice.occasion.value for notice in self.notices]

    def stumble(self, call: str) -> None:
        """Fail as often as the test said."""
        if self.trouble[call] > 0:
            self.trouble[call] -= 1
            raise Failure(self.trouble_is, f"{call} does not answer; try again")


class SeatsInMemory:
    """A SeatBook; also the AttemptBook's part that ends a claim."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def hold(self, request: task.HoldSeat) -> task.SeatHeld:
        self._world.stumble("hold")
        if self._world.is_already_reserved:
            raise Failure(FailureType.ALREADY_RESERVED, "there is an attempt already")
        held = self._seat_or_number(request.attempt)
        self._note(request, held.phase)
        self._world.active.add(request.attempt.attempt_id)
        self._world.stumble("held")
        return held

    async def move(self, request: task.MoveSeat) -> task.SeatReleased:
        await self._world.during_swap()
        before = self._world.holders.get(request.attempt_id)
        self._take(request.attempt_id, request.to.slot_id)
        return self._pass_on(before)

    async def release(self, request: task.ReleaseSeat) -> task.SeatReleased:
        slot_id = self._world.holders.pop(request.attempt_id, None)
        self._world.waiting.pop(request.attempt_id, None)
        self._world.active.discard(request.attempt_id)
        return self._pass_on(slot_id)

    def _seat_or_number(self, attempt: AttemptInput) -> task.SeatHeld:
        slot_id = attempt.slot.slot_id
        is_full = list(self._world.holders.values()).count(slot_id) >= self._world.seats.get(slot_id, 10)
        if attempt.attempt_id in self._world.waited or (attempt.may_wait and is_full):
            if attempt.attempt_id not in self._world.waited:
                self._world.waiting[attempt.attempt_id] = slot_id
                self._world.waited.add(attempt.attempt_id)
            return task.SeatHeld(phase=Phase.WAITLISTED)
        self._take(attempt.attempt_id, slot_id)
        return task.SeatHeld(phase=Phase.HELD)

    def _note(self, request: task.HoldSeat, phase: Phase) -> None:
        attempt, slot_id = request.attempt, request.attempt.slot.slot_id
        noted = MemoryAttempt(attempt, slot_id, slot_id, moves={0: first_step(request, phase)})
        self._world.reservations.attempts.setdefault(attempt.attempt_id, noted)

    def _pass_on(self, slot_id: UUID | None) -> task.SeatReleased:
        first = next((of for of, wanted in self._world.waiting.items() if wanted == slot_id), None)
        if first is not None and slot_id is not None:
            del self._world.waiting[first]
            self._world.holders[first] = slot_id
        return task.SeatReleased(promoted_attempt_id=first)

    def _take(self, attempt_id: UUID, slot_id: UUID) -> None:
        others = [slot for holder, slot in self._world.holders.items() if holder != attempt_id]
        if others.count(slot_id) >= self._world.seats.get(slot_id, 10):
            raise Failure(FailureType.SLOT_FULL, f"slot {slot_id} is full; choose another")
        self._world.holders[attempt_id] = slot_id


class BooksInMemory:
    """An AttemptBook and a WindowBook's worth of notes, in the order written."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def project(self, projection: AttemptProjection) -> None:
        self._world.stumble("project")
        attempt_id = projection.view.attempt_id
        of_attempt = [p for p in self._world.projections if p.view.attempt_id == attempt_id]
        newest = max((p.view.version for p in of_attempt), default=-1)
        if projection.view.version > newest:
            self._world.projections.append(projection)
            self._note(projection)

    def _note(self, projection: AttemptProjection) -> None:
        reservations = self._world.reservations
        noted = reservations.attempts.get(projection.view.attempt_id)
        if noted is None:  # a test began with a later run
            return
        noted.projection = projection
        noted.moves |= {step.version: step for step in projection.steps}
        for step in projection.steps:
            reservations.outages.settle(noted.input.attempt_id, step)


class WindowsInMemory:
    """A WindowBook."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def project(self, projection: WindowProjection) -> None:
        self._world.stumble("window")
        self._world.windows.append(projection)


class FeedsInMemory:
    """A FeedBook."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def open(self, request: task.OpenFeed) -> None:
        self._world.opened_feeds.append(request.attempt_id)

    async def reopen(self, request: task.OpenFeed) -> None:
        self._world.reopened_feeds.append(request.attempt_id)

    async def close(self, attempt_id: UUID) -> None:
        self._world.closed_feeds.append(attempt_id)


class CoverageInMemory:
    """A CoverageSource whose streams a test writes; whoever is not named sent nothing."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def watched(self, attempt_ids: Collection[UUID]) -> dict[UUID, WatchedStream]:
        self._world.stumble("coverage")
        nothing = WatchedStream(CoverageAccount(), StreamTail())
        return {attempt_id: self._world.streams.get(attempt_id, nothing) for attempt_id in attempt_ids}


class OutagesInMemory(MemoryOutageBook):
    """The twin, over a worker that has always served but for the silences that a test writes."""

    def __init__(self, world: World) -> None:
        super().__init__(world.reservations, RULES)
        self._world = world

    async def is_settled(self, attempt_id: UUID, until: datetime, now: datetime) -> bool:
        self._world.stumble("settle")
        world, component = self._world, Component.LIFECYCLE
        world.reservations.outages.marks[component, "w"] = MemoryMark(LONG_AGO, now)
        world.reservations.outages.outages = [
            MemoryOutage(component, "w", silence, world.cause) for silence in world.silences
        ]
        return await super().is_settled(attempt_id, until, now)

    async def record(self, now: datetime, attempt_id: UUID | None = None) -> int:
        self._world.settlements += [] if attempt_id is None else [attempt_id]
        return await super().record(now, attempt_id)


class ReviewsInMemory:
    """A ReviewBook."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def project(self, state: ReviewState) -> ReviewState | None:
        versions = self._world.reviews.setdefault(state.review.review_id, [])
        if versions and knows_better(versions[-1], state):
            return versions[-1].model_copy()
        versions.append(state)
        return None


class IncidentsInMemory:
    """What an IncidentBook publishes."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def of_attempt(self, attempt_id: UUID) -> list[Incident]:
        return [
            Incident(**dict(known), opening_offset=1, rule="1", model="none")
            for known in self._world.known_incidents
        ]

    async def rule(self, attempt_id: UUID, decision: ReviewDecision) -> None:
        self._world.rulings.append(decision)

    async def publish_start(self, start: task.MonitoringStart) -> None:
        self._world.published.append("monitoring_started")

    async def publish_end(self, end: task.MonitoringEnd) -> None:
        self._world.published.append("monitoring_stopped")

    async def publish_alert(self, alert: task.RaiseAlert) -> None:
        self._world.alerts.append(alert)

    async def record_detector_down(self, down: task.DetectorDown) -> None:
        self._world.detector_down.append(down)


class StandIns:
    """The activities that others own, under their names, without marking, mailing or writing anything."""

    def __init__(self, world: World, client: Client) -> None:
        self._world = world
        self._client = client

    @activity.defn
    async def notify(self, notice: Notify) -> None:
        self._world.stumble("notify")
        self._world.notices.append(notice)

    @activity.defn
    async def mark_automatically(self, grading: task.GradingInput) -> task.AutomaticMarking:
        self._world.published.append(f"marked round {grading.round_number}")
        return task.AutomaticMarking(manual=self._world.manual)

    @activity.defn
    async def accept_late(self, accepted: AcceptedLate) -> int:
        self._world.accepted.append(accepted)
        return self._world.late_answers

    @activity.defn
    async def write_essay(self, marked: task.EssayMarked) -> None:
        if self._world.refused_marks > 0:
            self._world.refused_marks -= 1
            raise Failure(FailureType.INVALID, "the marks do not fit the rubric")
        self._world.essays.append(marked)

    @activity.defn
    async def complete_round(self, request: task.CompleteRound) -> RoundResult:
        verdicts = [marked.decision.verdict for marked in self._world.essays]
        essays = [verdict for verdict in verdicts if isinstance(verdict, EssayVerdict)]
        earned = sum((mark.earned for verdict in essays for mark in verdict.marks), Decimal(1))
        return RoundResult(
            attempt_id=request.grading.attempt_id,
            round_number=request.grading.round_number,
            earned=earned,
            points=Decimal(10),
            percent=earned * 10,
            passed=earned * 10 >= request.grading.pass_mark,
        )

    @activity.defn
    async def write_report(self, request: task.WriteReport) -> task.ReportWritten:
        self._world.reports.append(request)
        return task.ReportWritten(report_name="archive/report.pdf", results_name="archive/results.csv")

    @activity.defn
    async def export_histories(self, request: ExportHistories) -> HistoriesExported:
        self._world.exported.append(request)
        return HistoriesExported(names=request.workflow_ids)

    @activity.defn
    async def delete_data(self, request: DeleteData) -> DataDeleted:
        self._world.deleted.append(request)
        return DataDeleted(data_class=request.data_class, rows=1, objects=1)

    @activity.defn
    async def export_recording(self, request: ExportRecording) -> RecordingExported:
        self._world.stumble("export_recording")
        self._world.recordings.append(request)
        return RecordingExported(name="raw/recordings/film.webm", frames=60)

    @activity.defn
    async def write_receipt(self, request: WriteReceipt) -> str:
        self._world.receipts.append(request)
        return "archive/receipt.json"

    @activity.defn
    async def is_on_hold(self, attempt_id: UUID) -> bool:
        return self._world.on_hold

    @activity.defn
    async def watch_attempt(self, watch: task.WatchTask) -> task.WatchResult:
        """Say what there is to say, and return at once: no timer of the server skips while an activity runs."""
        self._world.stumble("watch")
        handle = self._client.get_workflow_handle(monitoring_workflow_id(watch.attempt_id))
        with suppress(RPCError):
            for incident in self._world.incidents:
                await handle.signal("incident_opened", incident)
        return task.WatchResult(frames=60, unreadable=1, final_offset=60)


class StumblingCommander:
    """An AttemptCommander that fails as the world says, before it asks or after it was answered."""

    def __init__(self, world: World, client: Client) -> None:
        self._world = world
        self._commander = TemporalCommander(client)

    async def execute(self, attempt_id: UUID, update: str, command: Command) -> AttemptView:
        self._world.stumble("ask")
        view = await self._commander.execute(attempt_id, update, command)
        self._world.stumble("answer")
        return view
