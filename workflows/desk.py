"""Where an attempt's state is kept and changed: commands and alarms go through here, one at a time, without a wait."""

from contextlib import suppress
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.failure import as_application_error
    from schema.attempt import Phase
    from schema.conduct import conduct, new_state, view
    from schema.failures import Failure, FailureType
    from schema.lifecycle import AttemptInput, AttemptState, AttemptView, Command, Submit
    from schema.machine import IllegalMove
    from schema.outage.giving import ReturnTime
    from schema.waiting import begin_waiting, promote
    from workflows.clock import Alarm, next_alarm, next_ending, ring


def illegal(refused: IllegalMove) -> ApplicationError:
    """The refusal as the caller of an update gets it."""
    return as_application_error(Failure(FailureType.ILLEGAL_MOVE, str(refused), **refused.facts))


class Desk:
    """The attempt's input and state, and the only hands that change it."""

    def __init__(self, attempt: AttemptInput, now: datetime) -> None:
        self.attempt = attempt.model_copy(update={"resumed": None, "is_repaired": False})
        self.state: AttemptState = attempt.resumed or new_state(attempt, now)
        self.is_resumed = attempt.resumed is not None
        self.is_repaired = attempt.is_repaired

    def check(self, command: Command, now: datetime, *, is_settled: bool = False) -> None:
        """Try a command on a copy. Raises ApplicationError illegal_move when it would be refused.

        Where a timer's time has come and it is not settled what it is owed, nobody can tell yet.
        """
        due = self.ending()
        if not is_settled and self.state.phase is not Phase.IN_PROGRESS and due and due.at <= now:
            return
        self._apply(self.state.model_copy(), command, now, is_settled=is_settled)

    def apply(self, command: Command, now: datetime) -> AttemptView:
        """Apply a command now; the state it leads to. Raises ApplicationError illegal_move."""
        self._apply(self.state, command, now)
        return self.view()

    def give_back(self, command: ReturnTime, now: datetime) -> None:
        """Give back what the platform took, before an alarm that has come rings; what is not its own is left."""
        with suppress(IllegalMove):  # a loss of another timer, which has rung or was left since
            conduct(self.attempt, self.state, command, now)

    def begin_waiting(self) -> None:
        """There was no seat: the attempt waits for one."""
        begin_waiting(self.state)

    def promote(self, now: datetime) -> None:
        """A freed seat is this attempt's; who stopped waiting before gives it back with everything else."""
        self._catch_up(self.state, now)
        promote(self.attempt, self.state, now)

    def alarm(self) -> Alarm | None:
        """What happens next if nobody does anything."""
        return next_alarm(self.attempt, self.state)

    def ending(self) -> Alarm | None:
        """The alarm that ends what the attempt is in; reminders end nothing."""
        return next_ending(self.attempt, self.state)

    def ring(self, alarm: Alarm) -> None:
        """Let an alarm happen."""
        ring(self.state, alarm)

    def touch(self) -> None:
        """Something changed that is no move: others shall see it too."""
        self.state.version += 1

    def view(self) -> AttemptView:
        """The attempt as others see it."""
        return view(self.attempt, self.state)

    def _apply(
        self, state: AttemptState, command: Command, now: datetime, *, is_settled: bool = True
    ) -> None:
        try:
            if not isinstance(command, Submit | ReturnTime):
                self._catch_up(state, now, is_settled=is_settled)
            conduct(self.attempt, state, command, now)
        except IllegalMove as refused:
            raise illegal(refused) from refused

    def _catch_up(self, state: AttemptState, now: datetime, *, is_settled: bool = True) -> None:
        """After an outage a command can reach us before an alarm that was due earlier: the alarm goes first.

        Handing in is excepted: it is taken as of the deadline, whoever of the two comes first. So is what the platform
        gives back, which may move the alarm; until it is settled what is owed, nothing rings but a reminder.
        """
        while (due := next_alarm(self.attempt, state)) is not None and due.at <= now:
            if not is_settled and due.verb is not None:
                return
            ring(state, due)
