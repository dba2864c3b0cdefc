"""Marks a round: by rule at once, along the rubric when a grader has decided, and adds it up."""

from temporalio import activity

from activities.ports import AnswerBook, ExamCatalog, MarkBook
from schema.aftermath.late import AcceptedLate
from schema.grading import RoundResult
from schema.marking import mark_all
from schema.rubric import essay_of, mark_essay
from schema.task import AutomaticMarking, CompleteRound, EssayMarked, GradingInput


class MarkingActivities:
    """Over the frozen exam, the counted answers and the round's items.

    Idempotent by attempt, round and question: an item that is written keeps its mark, however often and
    however late an activity runs again.
    """

    def __init__(self, exams: ExamCatalog, answers: AnswerBook, marks: MarkBook) -> None:
        self._exams = exams
        self._answers = answers
        self._marks = marks

    @activity.defn
    async def mark_automatically(self, grading: GradingInput) -> AutomaticMarking:
        """Write every item of the round; returns the answered essays, in the exam's order. Raises NOT_FOUND."""
        exam = await self._exams.exam(grading.exam_id, grading.exam_version)
        answers = await self._answers.snapshot(grading.attempt_id)
        await self._marks.write_round(grading, mark_all(exam, answers), answers)
        # Read back: what an earlier try wrote stands, also if a late answer was accepted in between.
        written = await self._marks.items(grading.attempt_id, grading.round_number)
        manual = {
            item.question_id
            for item in written
            if item.by == "grader" and not (grading.carries_over and item.earned is not None)
        }
        return AutomaticMarking(
            manual=tuple(
                question.question_id for question in exam.questions if question.question_id in manual
            ),
            round_number=grading.round_number,
        )

    @activity.defn
    async def accept_late(self, accepted: AcceptedLate) -> int:
        """Let late answers count in the next round; how many this acceptance let."""
        return await self._answers.accept(accepted)

    @activity.defn
    async def write_essay(self, marked: EssayMarked) -> None:
        """Write a grader's marks. Raises INVALID when they do not fit the rubric, NOT_FOUND."""
        exam = await self._exams.exam(marked.grading.exam_id, marked.grading.exam_version)
        essay = essay_of(exam, marked.question_id)
        await self._marks.write_essay(marked, mark_essay(essay, marked.decision.verdict))

    @activity.defn
    async def complete_round(self, request: CompleteRound) -> RoundResult:
        """Add up and publish `grading_completed`, once. Raises CONFLICT while an item has no mark."""
        return await self._marks.complete(request)
