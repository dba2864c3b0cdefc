"""The in-memory twin of the ReviewBook."""

from activities.adapters.memory.corrections import MemoryCorrections
from schema.failures import Failure, FailureType
from schema.publication import Subject, told_by_review
from schema.review import ReviewState
from schema.ruling import knows_better


class MemoryReviewBook:
    """Implements ReviewBook."""

    def __init__(self, corrections: MemoryCorrections) -> None:
        self._corrections = corrections

    async def project(self, state: ReviewState) -> ReviewState | None:
        """Keep the state, each event once, unless what is kept knows better. Raises NOT_FOUND without a window."""
        review = state.review
        window = self._corrections.windows.get(review.attempt_id)
        if window is None:
            said = "this attempt never took answers; project its window first"
            raise Failure(FailureType.NOT_FOUND, said, attempt_id=review.attempt_id)
        known = self._corrections.reviews.get(review.review_id)
        if known is not None and knows_better(known, state):
            return known.model_copy()
        self._corrections.reviews[review.review_id] = state.model_copy()
        subject = Subject(
            window.organisation_id,
            review.attempt_id,
            window.exam_id,
            window.student_id,
            window.cohort_id,
        )
        self._corrections.outbox.publish(subject, told_by_review(state, is_new=known is None))
        return None
