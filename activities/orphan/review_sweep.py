"""Reviews whose workflow is gone, or does not know that they are decided."""

from datetime import datetime
from uuid import UUID

from activities.orphan.port import AttemptLedger, OpenReview, Orphan, ReviewLedger, Runs, RunState
from schema.attempt import Phase
from schema.ids import review_workflow_id
from schema.orphan import Trouble
from schema.queue import WorkflowType


class ReviewSweep:
    """Whoever opened a review starts it again by itself within a minute, and it goes on from its row."""

    def __init__(self, reviews: ReviewLedger, attempts: AttemptLedger, runs: Runs) -> None:
        self._reviews = reviews
        self._attempts = attempts
        self._runs = runs
        self._stale: set[UUID] = set()

    async def look(self, now: datetime) -> list[Orphan]:
        """Those that wait for a decision and do not run. Raises UNAVAILABLE."""
        waiting = await self._reviews.undecided()
        running = await self._runs.running(WorkflowType.REVIEW)
        await self._remind(running)
        found = []
        for review in waiting:
            workflow_id = review_workflow_id(review.review_id)
            if workflow_id not in running and await self._is_missed(review):
                found.append(Orphan(workflow_id, WorkflowType.REVIEW, Trouble.GONE, review.attempt_id, now))
        return found

    async def _is_missed(self, review: OpenReview) -> bool:
        """A review that its attempt cancelled, since it was reopened, is missed by nobody."""
        state = await self._runs.state(review_workflow_id(review.review_id))
        if state not in {RunState.BROKEN, RunState.ABSENT}:
            return False
        attempt = await self._attempts.one(review.attempt_id)
        return attempt is not None and attempt.phase is Phase.SUBMITTED and not attempt.is_over

    async def _remind(self, running: frozenset[str]) -> None:
        """A decision is written before its workflow ends; one that runs on at two turns has forgotten it."""
        ids = [UUID(workflow_id.removeprefix("review:")) for workflow_id in running]
        stale = set(await self._reviews.decided(ids)) if ids else set()
        for review_id in sorted(stale & self._stale):
            await self._runs.project_again(review_workflow_id(review_id))
        self._stale = stale
