"""The in-memory twin of the ReviewBook."""

from activities.adapters.memory.corrections import MemoryCorrections
from schema.failures import Failure, FailureType
from schema.publication import Subject, told_by_review
from schema.review import ReviewState


class MemoryReviewBook:
    """Implements ReviewBook."""

    def __init__(self, corrections: MemoryCorrections) -> None:
        self._corrections = corrections

    async def project(self, state: ReviewState) -> None:
        """Keep the state unless a newer one is kept; each event once. Raises NOT_FOUND without a window."""
        review = state.review
        window = self._corrections.windows.get(review.attempt_id)
        if window is None:
            said = "this attempt never took answers; project its window first"
            raise Failure(FailureType.NOT_FOUND, said, attempt_id=review.attempt_id)
        known = self._corrections.reviews.get(review.review_id)
        if known is None or known.version <= state.version:
            self._corrections.reviews[review.review_id] = state.model_copy()
            subject = Subject(
                window.organisation_id,
                review.attempt_id,
                window.exam_id,
                window.student_id,
                window.cohort_id,
            )
            self._corrections.outbox.publish(subject, told_by_review(state, is_new=known is None))
