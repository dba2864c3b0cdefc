"""Keeps the exams that are being written in memory: every autosaved answer asks for its question."""

from collections import OrderedDict
from uuid import UUID

from activities.adapters.sql.exam_catalog import SqlExamCatalog
from api.rendering import Rendered, rendered_version
from schema.db.session import Database
from schema.exam import Exam, Question
from schema.failures import Failure, FailureType

ROOM = 64


class ExamShelf:
    """The most recently used versions; a version never changes, so nothing here grows stale."""

    def __init__(self, reservations: Database) -> None:
        self._reservations = reservations
        self._catalog = SqlExamCatalog(reservations)
        self._exams: OrderedDict[tuple[UUID, int], Exam] = OrderedDict()
        self._html: OrderedDict[tuple[UUID, int], Rendered] = OrderedDict()

    async def exam(self, exam_id: UUID, version: int) -> Exam:
        """The whole exam, answer keys included. Raises NOT_FOUND."""
        key = (exam_id, version)
        exam = self._exams.pop(key, None) or await self._catalog.exam(exam_id, version)
        self._exams[key] = exam
        if len(self._exams) > ROOM:
            self._exams.popitem(last=False)
        return exam

    async def html(self, exam: Exam) -> Rendered:
        """The exam's texts as they were rendered at publishing."""
        key = (exam.exam_id, exam.version)
        found = self._html.pop(key, None) or await rendered_version(self._reservations, exam)
        self._html[key] = found
        if len(self._html) > ROOM:
            self._html.popitem(last=False)
        return found


def question_of(exam: Exam, question_id: UUID) -> Question:
    """One of the exam's questions. Raises NOT_FOUND."""
    for question in exam.questions:
        if question.question_id == question_id:
            return question
    raise Failure(
        FailureType.NOT_FOUND, "this exam has no such question; load the paper again", question_id=question_id
    )
