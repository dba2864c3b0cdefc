"""Mirrors a review's workflow into the read model that graders and reviewers see."""

from temporalio import activity

from activities.ports import ReviewBook
from schema.review import ReviewState


class ReviewActivities:
    """Idempotent by review and version."""

    def __init__(self, reviews: ReviewBook) -> None:
        self._reviews = reviews

    @activity.defn
    async def project_review(self, state: ReviewState) -> ReviewState | None:
        """Write the row; publishes that a review is needed, and that it was decided, once each.

        Returns what is written instead where the row knows better: the workflow then goes on from that.
        """
        return await self._reviews.project(state)
