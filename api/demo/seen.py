"""What each of the demo's people finds when they sign in afterwards, asked as each of them."""

from typing import Any

from api.demo.cast import Cast
from api.demo.story import Outcome

HANDED_IN = "submitted"


async def seen_by(cast: Cast, outcome: Outcome) -> dict[str, bool]:
    """For each person, whether they see what is theirs: exam, result, reviews, wall."""
    attempt_id, exam_id = outcome.attempt_id, outcome.exam_id
    result = await cast.student.get(f"/api/corrections/attempts/{attempt_id}/results")
    exams = await cast.author.get("/api/reservations/exams", limit=200)
    desk = await cast.proctor.get("/api/monitoring/desk")
    wall = await cast.proctor.get("/api/monitoring/wall", exam_id=exam_id, phase=HANDED_IN)
    found = await cast.admin.get("/api/reservations/attempts/search", q=attempt_id)
    return {
        "student: the exam": await _has(cast.student, "/api/reservations/attempts/mine", attempt_id),
        "student: the result": result["earned"] is not None,
        "author: the exam": any(exam["exam_id"] == exam_id for exam in exams["items"]),
        "proctor: the slot": any(slot["exam_id"] == exam_id for slot in desk["slots"]),
        "proctor: the wall": _holds(wall, attempt_id),
        "grader: the review": await _decided(cast.grader, "essay", exam_id),
        "reviewer: the review": await _decided(cast.reviewer, "integrity", exam_id),
        "second: the review": await _decided(cast.second, "integrity", exam_id),
        "admin: the attempt": _holds(found, attempt_id),
    }


async def _has(person: Any, path: str, attempt_id: str) -> bool:
    return _holds(await person.get(path, limit=200), attempt_id)


async def _decided(person: Any, kind: str, exam_id: str) -> bool:
    # The demo's exam is new, and graders are not told whose work it was.
    queue = await person.get("/api/corrections/reviews", kind=kind, exam_id=exam_id, stage="decided")
    return bool(queue["items"])


def _holds(page: dict[str, Any], attempt_id: str) -> bool:
    return any(item["attempt_id"] == attempt_id for item in page["items"])
