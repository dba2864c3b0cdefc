"""A student's answers: every revision that the server acknowledged is remembered."""

from datetime import UTC, datetime
from typing import Any, Self

import httpx

from api.demo import exam as paper_of
from api.demo.person import Person


class Script:
    """Answers by the place of their question in the paper. `saved` holds the newest acknowledged revisions."""

    def __init__(self, student: Person, path: str, questions: list[dict[str, Any]], epoch: int) -> None:
        self.questions = questions
        self.saved: dict[str, tuple[int, int]] = {}
        self.acknowledged = 0
        self.student = student
        self._path = path
        self._epoch = epoch
        self._revision = 0

    @classmethod
    async def open(cls, student: Person, attempt_id: str) -> Self:
        """Fetch the paper and the right to answer."""
        path = f"/api/corrections/attempts/{attempt_id}"
        paper = await student.get(f"{path}/paper")
        epoch = (await student.post(f"{path}/answer-epoch"))["epoch"]
        return cls(student, path, [q for section in paper["sections"] for q in section["questions"]], epoch)

    async def save(self, place: int, answered_at: datetime | None = None) -> httpx.Response:
        """Save the right answer as a new revision. Raises Refused."""
        question = self.questions[place]
        self._revision += 1
        answer = {
            "epoch": self._epoch,
            "revision": self._revision,
            "value": paper_of.answer_to(question),
            "answered_at": (answered_at or datetime.now(UTC)).isoformat(),
        }
        path = f"{self._path}/answers/{question['question_id']}"
        saved = await self.student.answer("PUT", path, json=answer)
        told = saved.json()
        self.saved[question["question_id"]] = (told["epoch"], told["revision"])
        self.acknowledged += 1
        return saved

    async def stored(self) -> dict[str, tuple[int, int]]:
        """What the server has: (epoch, revision) by question."""
        answers = await self.student.get(f"{self._path}/answers")
        return {item["question_id"]: (item["epoch"], item["revision"]) for item in answers["items"]}
