"""What the in-memory twins of `_reservations` share: slots, exams, attempts and their moves."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from activities.adapters.memory.outage import MemoryOutages
from activities.adapters.memory.outbox import MemoryOutbox
from schema.attempt import Phase
from schema.conduct import new_state
from schema.events import Source
from schema.exam import Exam, Slot
from schema.failures import Failure, FailureType
from schema.lifecycle import AttemptInput, AttemptProjection, Step
from schema.orphan import Written
from schema.publication import Subject, told_by_step
from schema.retention import Hold
from schema.waiting import begin_waiting


@dataclass(slots=True)
class MemoryAttempt:
    """An attempt as it stands; `projection` is the newest one, None right after the hold."""

    input: AttemptInput
    slot_id: UUID
    seat_slot_id: UUID | None
    is_active: bool = True
    seat_passed_to: UUID | None = None
    waitlist_number: int | None = None
    projection: AttemptProjection | None = None
    moves: dict[int, Step] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)

    @property
    def version(self) -> int:
        """The version that was projected last."""
        return 0 if self.projection is None else self.projection.view.version

    @property
    def written(self) -> Written:
        """What is known of the attempt."""
        if self.projection is None:
            return Written(version=0)
        generation, snapshot = self.projection.generation, self.projection.snapshot
        return Written(generation=generation, version=self.version, snapshot=snapshot)

    @property
    def phase(self) -> Phase:
        """Where it stands."""
        return Phase(self.moves[0].target) if self.projection is None else self.projection.view.phase

    @property
    def submitted_at(self) -> datetime | None:
        """When it was handed in."""
        return None if self.projection is None else self.projection.view.submitted_at

    @property
    def started_at(self) -> datetime | None:
        """When its clock began to run."""
        return None if self.projection is None else self.projection.clock.started_at

    @property
    def first(self) -> AttemptInput:
        """What another run could go on from right after the hold."""
        state = new_state(self.input, self.moves[0].at)
        if self.moves[0].target == Phase.WAITLISTED:
            begin_waiting(state)
        return self.input.model_copy(update={"resumed": state})

    @property
    def subject(self) -> Subject:
        """The attempt as its events name it."""
        it = self.input
        return Subject(it.organisation_id, it.attempt_id, it.exam_id, it.student_id, it.cohort_id)


@dataclass(slots=True)
class MemoryReservations:
    """One schema `_reservations`."""

    exams: dict[tuple[UUID, int], Exam] = field(default_factory=dict)
    slots: dict[UUID, Slot] = field(default_factory=dict)
    numbers: dict[UUID, int] = field(default_factory=dict)  # the last one given in a slot's waiting list
    attempts: dict[UUID, MemoryAttempt] = field(default_factory=dict)
    outages: MemoryOutages = field(default_factory=MemoryOutages)
    outbox: MemoryOutbox = field(default_factory=lambda: MemoryOutbox(Source.RESERVATIONS))

    def change_taken(self, slot_id: UUID, by: int) -> None:
        """Count seats of a slot."""
        slot = self.slots[slot_id]
        self.slots[slot_id] = slot.model_copy(update={"seats_taken": max(0, slot.seats_taken + by)})

    def take_seat(self, slot_id: UUID, exam_id: UUID) -> None:
        """Raises NOT_FOUND, SLOT_FULL."""
        if self.is_full(slot_id, exam_id):
            raise Failure(
                FailureType.SLOT_FULL, "all seats of this slot are taken; choose another", slot_id=slot_id
            )
        self.change_taken(slot_id, 1)

    def is_full(self, slot_id: UUID, exam_id: UUID) -> bool:
        """Whether no seat is free. Raises NOT_FOUND."""
        slot = self.slots.get(slot_id)
        if slot is None or slot.exam_id != exam_id:
            raise Failure(
                FailureType.NOT_FOUND, "this exam has no such slot; choose one of its slots", slot_id=slot_id
            )
        return slot.seats_taken >= slot.seats

    def next_number(self, slot_id: UUID) -> int:
        """The next place on the slot's waiting list."""
        self.numbers[slot_id] = self.numbers.get(slot_id, 0) + 1
        return self.numbers[slot_id]

    def attempt(self, attempt_id: UUID) -> MemoryAttempt:
        """Raises NOT_FOUND."""
        found = self.attempts.get(attempt_id)
        if found is None:
            raise Failure(
                FailureType.NOT_FOUND, "there is no such attempt; hold a seat first", attempt_id=attempt_id
            )
        return found

    def remember(self, attempt: MemoryAttempt, step: Step) -> None:
        """Write a move with its events, once."""
        if step.version not in attempt.moves:
            attempt.moves[step.version] = step
            self.outages.settle(attempt.input.attempt_id, step)
            self.outbox.publish(attempt.subject, told_by_step(step, self.slots[attempt.slot_id]))
