"""Drives one attempt in a test: commands by the right actor, time that passes, and waiting for what must follow."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from schema import lifecycle as m
from schema.aftermath.late import AcceptLate
from schema.aftermath.reopen import Reopen
from schema.attempt import Phase
from schema.ending import AttemptOutcome
from schema.exam import CheckInStep, ExamPolicy
from schema.given.command import LiftCap
from schema.grading import CriterionMark
from schema.ids import DEFAULT_ORGANISATION, attempt_workflow_id, new_id, review_workflow_id
from schema.machine import ActorRole
from schema.outage.giving import ReturnTime
from schema.outcome import INTEGRITY, Marking
from schema.queue import Queue
from schema.review import WAITING_STAGES, Claim, Decide, EssayVerdict, ReviewKind, ReviewState, Verdict
from tests.workflows.world import World
from workflows.attempt import AttemptWorkflow

PATIENCE = 60.0  # real seconds until something that must follow counts as missing

ROLE_OF: dict[type[m.Command], ActorRole] = {
    m.Reserve: ActorRole.STUDENT,
    m.Confirm: ActorRole.STUDENT,
    m.Cancel: ActorRole.STUDENT,
    m.MoveSlot: ActorRole.STUDENT,
    m.BeginCheckIn: ActorRole.STUDENT,
    m.RecordCheckIn: ActorRole.STUDENT,
    m.Admit: ActorRole.PROCTOR,
    m.SendBack: ActorRole.PROCTOR,
    m.Refuse: ActorRole.PROCTOR,
    m.Start: ActorRole.STUDENT,
    m.Extend: ActorRole.PROCTOR,
    ReturnTime: ActorRole.SYSTEM,
    m.Pause: ActorRole.PROCTOR,
    m.ComeBack: ActorRole.STUDENT,
    m.Resume: ActorRole.PROCTOR,
    m.Submit: ActorRole.STUDENT,
    m.Terminate: ActorRole.PROCTOR,
    m.Reactivate: ActorRole.ADMIN,
    m.Void: ActorRole.ADMIN,
    m.ReleaseResult: ActorRole.ADMIN,
    m.Appeal: ActorRole.STUDENT,
    AcceptLate: ActorRole.ADMIN,
    LiftCap: ActorRole.ADMIN,
    Reopen: ActorRole.ADMIN,
}


def update_name(command: type[m.Command]) -> str:
    """`MoveSlot` -> `move_slot`, as docs/architecture.md says."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in command.__name__).lstrip("_")


def slot_from(starts_at: datetime, hours: int = 3) -> m.SlotWindow:
    return m.SlotWindow(slot_id=new_id(), starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours))


def attempt_input(slot: m.SlotWindow, **policy: Any) -> m.AttemptInput:
    """An attempt of an exam of one hour."""
    return m.AttemptInput(
        attempt_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=new_id(),
        exam_version=1,
        student_id=new_id(),
        slot=slot,
        policy=ExamPolicy(**policy),
        duration_factor=Decimal(1),
        seed=7,
        rules_version="1",
        model_version="none",
    )


@dataclass
class Story:
    """One attempt, from outside."""

    env: WorkflowEnvironment
    world: World
    now: datetime
    attempt: m.AttemptInput
    handle: WorkflowHandle[AttemptWorkflow, AttemptOutcome] | None = None
    operations: int = 0
    people: dict[ActorRole, UUID] = field(default_factory=lambda: {role: new_id() for role in ActorRole})

    @classmethod
    async def begin(cls, env: WorkflowEnvironment, world: World) -> "Story":
        """Nothing is started yet; the slot begins in two days."""
        now = (await env.get_current_time()).replace(microsecond=0)
        return cls(env, world, now, attempt_input(slot_from(now + timedelta(days=2))))

    def with_policy(self, **policy: Any) -> "Story":
        """Change the exam before the attempt starts."""
        changed = self.attempt.policy.model_copy(update=policy)
        self.attempt = self.attempt.model_copy(update={"policy": changed})
        return self

    def with_slot(self, starts_in: timedelta) -> "Story":
        """Let the slot begin sooner or later."""
        self.attempt = self.attempt.model_copy(update={"slot": slot_from(self.now + starts_in)})
        return self

    def rival(self, **changes: Any) -> "Story":
        """Another student who wants a seat in the same slot, and waits for it if need be."""
        other = {"attempt_id": new_id(), "student_id": new_id(), "may_wait": True, **changes}
        return Story(self.env, self.world, self.now, self.attempt.model_copy(update=other))

    @property
    def workflow(self) -> WorkflowHandle[AttemptWorkflow, AttemptOutcome]:
        assert self.handle is not None, "the attempt is not started"
        return self.handle

    async def start_workflow(self) -> None:
        self.handle = await self.env.client.start_workflow(
            AttemptWorkflow.run,
            self.attempt,
            id=attempt_workflow_id(self.attempt.attempt_id),
            task_queue=Queue.LIFECYCLE,
        )

    async def reserve(self) -> m.AttemptView:
        """Start the workflow and hold the seat."""
        await self.start_workflow()
        return await self.do(m.Reserve)

    async def do(
        self,
        command: type[m.Command],
        *,
        role: ActorRole | None = None,
        operation_id: str = "",
        update_id: str | None = None,
        **fields: Any,
    ) -> m.AttemptView:
        """Send a command and wait until it is done."""
        self.operations += 1
        role = role or ROLE_OF[command]
        actor = m.Actor(role=role, person_id=self.people[role])
        built = command(operation_id=operation_id or f"operation-{self.operations}", actor=actor, **fields)
        view: m.AttemptView = await self.workflow.execute_update(
            update_name(command), built, id=update_id or built.operation_id, result_type=m.AttemptView
        )
        return view

    async def check_in(self) -> m.AttemptView:
        """All steps."""
        await self.do(m.BeginCheckIn)
        view = await self.view()
        for step in CheckInStep:
            view = await self.do(m.RecordCheckIn, step=step)
        return view

    async def go_to(self, phase: Phase) -> m.AttemptView:
        """Reserve and go on until this phase, the shortest way."""
        view = await self.reserve()
        if phase is Phase.HELD:
            return view
        view = await self.do(m.Confirm)
        if phase is Phase.RESERVED:
            return view
        await self.pass_until(self.attempt.slot.starts_at)
        if phase is Phase.CHECKING_IN:
            return await self.do(m.BeginCheckIn)
        view = await self.check_in()
        if phase is Phase.AWAITING_ADMISSION:
            return view
        view = await self.do(m.Admit)
        if phase is Phase.ADMITTED:
            return view
        return await self._sit_until(phase)

    async def _sit_until(self, phase: Phase) -> m.AttemptView:
        view = await self.do(m.Start)
        if phase is Phase.PAUSED:
            return await self.do(m.Pause, reason="alarm in the building")
        if phase is Phase.TERMINATED:
            return await self.do(m.Terminate, reason="left the room")
        if phase is Phase.SUBMITTED:
            return await self.do(m.Submit)
        return view

    async def pass_until(self, at: datetime) -> None:
        """Let time pass until a moment."""
        left = at - await self.env.get_current_time()
        await self.env.sleep(max(left, timedelta(0)) + timedelta(seconds=1))

    async def pass_time(self, time: timedelta) -> None:
        await self.env.sleep(time)

    async def view(self) -> m.AttemptView:
        view: m.AttemptView = await self.workflow.query("view", result_type=m.AttemptView)
        return view

    async def until(self, is_so: Callable[[m.AttemptView], bool]) -> m.AttemptView:
        """Wait, in real time, until the attempt looks like this."""
        async with asyncio.timeout(PATIENCE):
            while True:
                # The time-skipping server loses a query that meets the seam between two runs: ask again.
                with suppress(RPCError):
                    view: m.AttemptView = await self.workflow.query(
                        "view", result_type=m.AttemptView, rpc_timeout=timedelta(seconds=1)
                    )
                    if is_so(view):
                        return view
                await asyncio.sleep(0.02)

    async def until_phase(self, phase: Phase) -> m.AttemptView:
        return await self.until(lambda view: view.phase is phase)

    async def until_another_run(self, run_id: str | None) -> None:
        """Wait until the attempt has continued as new."""
        async with asyncio.timeout(PATIENCE):
            while (await self.workflow.describe()).run_id == run_id:
                await asyncio.sleep(0.05)

    async def until_settled(self) -> m.AttemptView:
        """Wait until marks and integrity stand and the run that awaits the release has begun.

        The time-skipping server loses an update that meets the seam between two runs; the real one does not.
        """
        await self.until_another_run(self.workflow.first_execution_run_id)
        return await self.until(
            lambda seen: seen.marking is Marking.MARKED and seen.integrity in INTEGRITY.final
        )

    async def until_told(self, *occasions: str) -> None:
        """Wait until people were told all of this."""
        await eventually(lambda: set(occasions) <= set(self.world.told))

    async def open_review(self, kind: ReviewKind) -> ReviewState:
        """Wait for an open review of this kind."""

        def waiting() -> list[ReviewState]:
            newest = [versions[-1] for versions in self.world.reviews.values()]
            return [r for r in newest if r.review.kind is kind and r.stage in WAITING_STAGES]

        await eventually(lambda: bool(waiting()))
        return waiting()[0]

    def review(self, state: ReviewState) -> WorkflowHandle[Any, Any]:
        return self.env.client.get_workflow_handle(review_workflow_id(state.review.review_id))

    async def decide(self, kind: ReviewKind, verdict: Verdict, person_id: UUID | None = None) -> ReviewState:
        """Decide the open review of this kind, as a grader or reviewer."""
        state = await self.open_review(kind)
        role = ActorRole.GRADER if kind is ReviewKind.ESSAY else ActorRole.REVIEWER
        command = Decide(
            operation_id=f"decide-{new_id()}",
            person_id=person_id or self.people[role],
            role=role,
            verdict=verdict,
        )
        decided: ReviewState = await self.review(state).execute_update(
            "decide", command, result_type=ReviewState
        )
        return decided


def essay_verdict(points: int = 5) -> EssayVerdict:
    return EssayVerdict(marks=(CriterionMark(key="content", earned=Decimal(points)),))


def claim_by(person_id: UUID, role: ActorRole, assignee_id: UUID | None = None) -> Claim:
    return Claim(
        operation_id=f"claim-{new_id()}", person_id=person_id, role=role, assignee_id=assignee_id or person_id
    )


async def eventually(is_so: Callable[[], bool]) -> None:
    """Wait, in real time, until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            await asyncio.sleep(0.02)
