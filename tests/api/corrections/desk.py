"""What tests of corrections arrange with: a sitting with an exam of every kind, its window, and a student."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from activities.adapters.sql.window_book import SqlWindowBook
from schema.exam import Exam, ExamPolicy, Question
from schema.ids import new_id
from schema.lifecycle import WindowProjection
from schema.role import Role
from tests.api.house import House, Someone
from tests.contracts.sql_world import SqlWorld
from tests.exam.builder import essay, exam_of, multiple, numeric, single, true_false

ATTEMPTS = "/api/corrections/attempts"
MINUTE = timedelta(minutes=1)
TRUE, SINGLE, MULTIPLE, NUMBER, ESSAY = range(5)
VALUES: list[dict[str, Any]] = [
    {"kind": "truth", "value": True},
    {"kind": "choice", "chosen": ["a"]},
    {"kind": "choice", "chosen": ["a", "c"]},
    {"kind": "number", "value": "3.14"},
    {"kind": "text", "text": "Because."},
]


class Sitting:
    """One attempt as its student's client sees it."""

    def __init__(self, house: House, exam: Exam, student: Someone, attempt_id: UUID) -> None:
        self.house = house
        self.exam = exam
        self.student = student
        self.attempt_id = attempt_id
        self.path = f"{ATTEMPTS}/{attempt_id}"
        self._version = 0

    def question(self, place: int) -> UUID:
        """The id of the exam's question at this place."""
        return self.exam.questions[place].question_id

    async def window(self, **changes: Any) -> None:
        """Project the clock: by default open, with the deadline in ten minutes."""
        self._version += 1
        now = self.house.clock()
        facts = {
            "attempt_id": self.attempt_id,
            "exam_id": self.exam.exam_id,
            "student_id": self.student.person_id,
            "organisation_id": self.exam.organisation_id,
            "version": self._version,
            "is_open": True,
            "started_at": now,
            "deadline_at": now + 10 * MINUTE,
            "stopped_at": None,
            "clock_version": self._version,
        }
        book = SqlWindowBook(self.house.context.databases.corrections)
        await book.project(WindowProjection.model_validate({**facts, **changes}))

    def draft(
        self, place: int, revision: int = 1, ago: timedelta = timedelta(0), **changes: Any
    ) -> dict[str, Any]:
        """An answer to the question at this place, typed `ago`."""
        at = (self.house.clock() - ago).isoformat()
        return {"epoch": 1, "revision": revision, "value": VALUES[place], "answered_at": at, **changes}

    async def save(self, place: int, person: Someone | None = None, **changes: Any) -> httpx.Response:
        """PUT it."""
        headers = (person or self.student).headers
        path = f"{self.path}/answers/{self.question(place)}"
        return await self.house.client.put(path, json=self.draft(place, **changes), headers=headers)

    async def begin_epoch(self) -> int:
        """Let another device answer."""
        answer = await self.house.client.post(f"{self.path}/answer-epoch", headers=self.student.headers)
        epoch: int = answer.json()["epoch"]
        return epoch

    async def get(self, what: str, person: Someone | None = None) -> httpx.Response:
        """GET something of the attempt."""
        return await self.house.client.get(f"{self.path}/{what}", headers=(person or self.student).headers)


async def sit(house: House, phase: str = "in_progress", **columns: Any) -> Sitting:
    """A sitting of a new student, its window not yet projected."""
    policy = ExamPolicy(shuffle_questions=True, shuffle_options=True)
    first: list[Question] = [true_false(), single(), multiple()]
    second: list[Question] = [numeric(unit="m"), essay("3", "2")]
    exam = exam_of(first, second, policy=policy)
    await SqlWorld(house.context.databases).add_exam(exam)
    student = await house.person(Role.STUDENT)
    attempt_id = await house.attempt(student.person_id, exam, new_id(), phase, **columns)
    return Sitting(house, exam, student, attempt_id)
