"""Late answers that a person accepts: written at once, marked in a round of their own."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.marking import MarkingActivities
    from schema.aftermath.late import AcceptedLate, AcceptLate
    from schema.aftermath.rule import accepted
    from schema.machine import IllegalMove
    from workflows.desk import Desk, illegal
    from workflows.options import ACCEPT_LATE
    from workflows.patience import insist


class LateAnswers:
    """Accepts them; MarkingRound marks again for them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def take_over(self) -> None:
        """A repaired run does not know whether what was being accepted is written: it marks once more."""
        after = self._desk.state.after
        if after.accepting:
            self._desk.state.after = after.model_copy(update={"accepting": 0, "remark_wanted": True})

    async def accept(self, command: AcceptLate) -> None:
        """Until they are written. Raises ApplicationError illegal_move, also where there is none to accept."""
        state = self._desk.state
        if command.operation_id in state.applied:
            return
        now = workflow.now()
        self._desk.apply(command, now)
        written = AcceptedLate(
            attempt_id=self._desk.attempt.attempt_id,
            revision=command.revision,
            within=command.within,
            by=command.actor.person_id,
            at=now,
            reason=command.reason,
        )
        number = await insist(
            lambda: workflow.execute_activity_method(MarkingActivities.accept_late, written, **ACCEPT_LATE)
        )
        accepted(state, number)
        self._desk.touch()
        if not number:
            raise illegal(IllegalMove("this attempt has no such late answer that is not accepted yet"))
