"""Acts on many attempts, one at a time: asks each once, and writes down how it answered."""

from uuid import UUID

from temporalio import activity

from activities.ports import AttemptCommander, OperationBook
from schema.cohort import (
    Acknowledged,
    Acknowledgement,
    AskOne,
    AttemptBatch,
    NextAttempts,
    command_of,
    update_of,
)
from schema.failures import Failure, FailureType
from schema.lifecycle import AttemptView

# Each waits for an attempt's workflow, whose own activities need room at the same worker.
MOST_AT_ONCE = 40
SILENCE = "no acknowledgement came in time; look at the attempt before you ask again"


class CohortActivities:
    """Idempotent by operation and attempt."""

    def __init__(self, book: OperationBook, commander: AttemptCommander) -> None:
        self._book = book
        self._commander = commander
        self._asking = 0

    @activity.defn
    async def next_attempts(self, request: NextAttempts) -> AttemptBatch:
        """The attempts after a number."""
        return await self._book.next_attempts(request)

    @activity.defn
    async def ask_one(self, request: AskOne) -> Acknowledgement:
        """Send the command and keep the answer. Raises UNAVAILABLE and TOO_MANY, so that it is tried again."""
        known = await self._book.acknowledgement(request.operation_id, request.attempt_id)
        if known is None:  # purged meanwhile: there is nobody to ask
            return Acknowledgement.REFUSED
        if known.state is not Acknowledgement.WAITING:
            return known.state
        answer = await self._answer(request)
        await self._book.acknowledge(answer)
        return answer.state

    @activity.defn
    async def record_silence(self, request: AskOne) -> Acknowledgement:
        """Write down that nothing was heard, unless an answer is there by now."""
        await self._book.acknowledge(
            Acknowledged(**dict(request), state=Acknowledgement.UNANSWERED, type="unavailable", why=SILENCE)
        )
        known = await self._book.acknowledgement(request.operation_id, request.attempt_id)
        return known.state if known else Acknowledgement.UNANSWERED

    @activity.defn
    async def finish_operation(self, operation_id: UUID) -> None:
        """Every attempt was asked."""
        await self._book.finish(operation_id)

    async def _answer(self, request: AskOne) -> Acknowledged:
        if self._asking >= MOST_AT_ONCE:
            raise Failure(FailureType.TOO_MANY, f"{MOST_AT_ONCE} attempts are being asked; wait for them")
        operation = await self._book.operation(request.operation_id)
        self._asking += 1
        try:
            command = command_of(operation, request.attempt_id)
            update = update_of(operation.verb)
            view = await self._commander.execute(request.attempt_id, update, command)
        except Failure as refusal:
            if refusal.is_retryable:
                raise
            return Acknowledged(
                **dict(request),
                state=Acknowledgement.REFUSED,
                type=refusal.type.value,
                why=refusal.message,
            )
        finally:
            self._asking -= 1
        done = Acknowledged(**dict(request), state=Acknowledgement.DONE)
        return done.model_copy(update=_less(view, command.operation_id))


def _less(view: AttemptView, operation_id: str) -> dict[str, str]:
    """Why an attempt was given less time than was asked for, if it was."""
    time = view.given
    if time is None or time.operation_id != operation_id or time.why_less is None:
        return {}
    return {"type": time.why_less.value, "why": time.sentence}
