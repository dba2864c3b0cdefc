"""Everything people can ask of an attempt: each command is an update, checked as a courtesy and again when applied."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schema import lifecycle as m
    from schema.aftermath.late import AcceptLate
    from schema.aftermath.reopen import Reopen
    from schema.given.command import LiftCap
    from schema.orphan import WorkflowStanding
    from schema.outage.giving import ReturnTime
    from workflows.desk import Desk
    from workflows.late import LateAnswers
    from workflows.mirror import Mirror
    from workflows.seat import SEATED, Seat
    from workflows.settlement import Settlement


class AttemptCommands:
    """The update and query handlers of AttemptWorkflow.

    A validator only spares the history a refused request: two incompatible commands can both pass it. The
    handler asks the tables again and changes the state with no wait in between; the projection follows.
    """

    _desk: Desk
    _seat: Seat
    _mirror: Mirror
    _settlement: Settlement
    _late: LateAnswers

    @workflow.query
    def view(self) -> m.AttemptView:
        """The attempt as it stands."""
        return self._desk.view()

    @workflow.signal
    async def project_again(self) -> None:
        """The row is behind or lacks its snapshot: write everything once more, as a new version."""
        self._desk.touch()
        await self._mirror.project()

    @workflow.query
    def standing(self) -> WorkflowStanding:
        """What the sweep compares with the row."""
        return WorkflowStanding(
            generation=self._desk.attempt.generation,
            version=self._desk.state.version,
            written=self._mirror.written,
        )

    @workflow.update
    async def reserve(self, command: m.Reserve) -> m.AttemptView:
        """Wait for the seat or a place in line. Fails with slot_full or already_reserved; so does the workflow then."""
        await self._seat.answered()
        return self._desk.view()

    @workflow.update
    async def confirm(self, command: m.Confirm) -> m.AttemptView:
        return await self._perform(command)

    @confirm.validator
    def _check_confirm(self, command: m.Confirm) -> None:
        self._check(command)

    @workflow.update
    async def cancel(self, command: m.Cancel) -> m.AttemptView:
        return await self._perform(command)

    @cancel.validator
    def _check_cancel(self, command: m.Cancel) -> None:
        self._check(command)

    @workflow.update
    async def move_slot(self, command: m.MoveSlot) -> m.AttemptView:
        return await self._perform(command)

    @move_slot.validator
    def _check_move_slot(self, command: m.MoveSlot) -> None:
        self._check(command)

    @workflow.update
    async def begin_check_in(self, command: m.BeginCheckIn) -> m.AttemptView:
        return await self._perform(command)

    @begin_check_in.validator
    def _check_begin_check_in(self, command: m.BeginCheckIn) -> None:
        self._check(command)

    @workflow.update
    async def record_check_in(self, command: m.RecordCheckIn) -> m.AttemptView:
        return await self._perform(command)

    @record_check_in.validator
    def _check_record_check_in(self, command: m.RecordCheckIn) -> None:
        self._check(command)

    @workflow.update
    async def admit(self, command: m.Admit) -> m.AttemptView:
        return await self._perform(command)

    @admit.validator
    def _check_admit(self, command: m.Admit) -> None:
        self._check(command)

    @workflow.update
    async def send_back(self, command: m.SendBack) -> m.AttemptView:
        return await self._perform(command)

    @send_back.validator
    def _check_send_back(self, command: m.SendBack) -> None:
        self._check(command)

    @workflow.update
    async def refuse(self, command: m.Refuse) -> m.AttemptView:
        return await self._perform(command)

    @refuse.validator
    def _check_refuse(self, command: m.Refuse) -> None:
        self._check(command)

    @workflow.update
    async def start(self, command: m.Start) -> m.AttemptView:
        return await self._perform(command)

    @start.validator
    def _check_start(self, command: m.Start) -> None:
        self._check(command)

    @workflow.update
    async def extend(self, command: m.Extend) -> m.AttemptView:
        return await self._perform(command)

    @extend.validator
    def _check_extend(self, command: m.Extend) -> None:
        self._check(command)

    @workflow.update
    async def return_time(self, command: ReturnTime) -> m.AttemptView:
        """The platform gives back what it took."""
        return await self._perform(command)

    @return_time.validator
    def _check_return_time(self, command: ReturnTime) -> None:
        self._check(command)

    @workflow.update
    async def lift_cap(self, command: LiftCap) -> m.AttemptView:
        return await self._perform(command)

    @lift_cap.validator
    def _check_lift_cap(self, command: LiftCap) -> None:
        self._check(command)

    @workflow.update
    async def pause(self, command: m.Pause) -> m.AttemptView:
        return await self._perform(command)

    @pause.validator
    def _check_pause(self, command: m.Pause) -> None:
        self._check(command)

    @workflow.update
    async def come_back(self, command: m.ComeBack) -> m.AttemptView:
        return await self._perform(command)

    @come_back.validator
    def _check_come_back(self, command: m.ComeBack) -> None:
        self._check(command)

    @workflow.update
    async def resume(self, command: m.Resume) -> m.AttemptView:
        return await self._perform(command)

    @resume.validator
    def _check_resume(self, command: m.Resume) -> None:
        self._check(command)

    @workflow.update
    async def submit(self, command: m.Submit) -> m.AttemptView:
        return await self._perform(command)

    @submit.validator
    def _check_submit(self, command: m.Submit) -> None:
        self._check(command)

    @workflow.update
    async def terminate(self, command: m.Terminate) -> m.AttemptView:
        return await self._perform(command)

    @terminate.validator
    def _check_terminate(self, command: m.Terminate) -> None:
        self._check(command)

    @workflow.update
    async def reactivate(self, command: m.Reactivate) -> m.AttemptView:
        return await self._perform(command)

    @reactivate.validator
    def _check_reactivate(self, command: m.Reactivate) -> None:
        self._check(command)

    @workflow.update
    async def void(self, command: m.Void) -> m.AttemptView:
        return await self._perform(command)

    @void.validator
    def _check_void(self, command: m.Void) -> None:
        self._check(command)

    @workflow.update
    async def release_result(self, command: m.ReleaseResult) -> m.AttemptView:
        return await self._perform(command)

    @release_result.validator
    def _check_release_result(self, command: m.ReleaseResult) -> None:
        self._check(command)

    @workflow.update
    async def reopen(self, command: Reopen) -> m.AttemptView:
        return await self._perform(command)

    @reopen.validator
    def _check_reopen(self, command: Reopen) -> None:
        self._check(command)

    @workflow.update
    async def appeal(self, command: m.Appeal) -> m.AttemptView:
        return await self._perform(command)

    @appeal.validator
    def _check_appeal(self, command: m.Appeal) -> None:
        self._check(command)

    @workflow.update
    async def accept_late(self, command: AcceptLate) -> m.AttemptView:
        await self._seat.answered()
        await self._settlement.before_command()
        try:
            await self._late.accept(command)
        finally:
            await self._mirror.project()
        return self._desk.view()

    @accept_late.validator
    def _check_accept_late(self, command: AcceptLate) -> None:
        self._check(command)

    async def _perform(self, command: m.Command) -> m.AttemptView:
        await self._seat.answered()
        await self._settlement.before_command()
        if isinstance(command, SEATED):
            await self._seat.perform(command)
        else:
            self._desk.apply(command, workflow.now())
        seen = self._desk.view()
        await self._mirror.project()
        return seen

    def _check(self, command: m.Command) -> None:
        self._desk.check(command, workflow.now())
