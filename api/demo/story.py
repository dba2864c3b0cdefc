"""The demo's story, scene by scene: each function is what one client does."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from api.demo import exam as paper_of
from api.demo.camera import Camera
from api.demo.cast import Cast
from api.demo.film import Film, portrait
from api.demo.filming import Filming

MORE_TIME = "PT2M"
TAB_HIDDEN_SECONDS = 2
# Parts of the names of what must be in the archive in the end.
ARCHIVED = (
    "/report.pdf", "grading_results/", "anomaly_reports/",
    "/history/attempt-", "/history/monitoring-", "/history/grading-", "/history/review-",
)  # fmt: skip
PATIENCE = 150.0  # seconds: also on a busy machine whose parts are killed and started again

Say = Callable[[str], None]


@dataclass(slots=True)
class Outcome:
    """What the story leaves behind."""

    attempt_id: str
    exam_id: str
    title: str = ""
    incidents: list[dict[str, Any]] = field(default_factory=list)
    frames_sent: int = 0
    frames_acknowledged: int = 0


async def prepare_exam(cast: Cast, title: str) -> tuple[str, str]:
    """The author writes, imports, publishes and opens a slot. Returns the ids of exam and slot."""
    author = cast.author
    exam = await author.post("/api/reservations/exams", paper_of.draft(title))
    exam_id = exam["exam_id"]
    imported = await author.call(
        "POST",
        f"/api/reservations/exams/{exam_id}/import",
        params={"points": "2"},
        content=paper_of.QUESTIONS.encode(),
        headers={"Content-Type": "text/plain", "Idempotency-Key": f"import-{exam_id}"},
    )
    match = {"If-Match": f'"{imported["version"]}"'}
    await author.post(f"/api/reservations/exams/{exam_id}/publish", headers=match)
    starts_at = datetime.now(UTC)
    slot = {
        "exam_id": exam_id,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "seats": 5,
    }
    return exam_id, (await author.post("/api/reservations/slots", slot))["slot_id"]


async def reserve(cast: Cast, exam_id: str, slot_id: str) -> str:
    """The student holds a seat and confirms. Returns the attempt's id."""
    wanted = {"exam_id": exam_id, "slot_id": slot_id}
    attempt = await cast.student.post("/api/reservations/attempts", wanted)
    attempt_id: str = attempt["attempt_id"]
    await command(cast.student, attempt_id, "confirm")
    return attempt_id


async def check_in(cast: Cast, attempt_id: str, film: Film) -> None:
    """The student shows browser, camera, face and consent; the proctor lets them in."""
    student = cast.student
    await command(student, attempt_id, "check-in")
    for step in ("browser", "camera", "consent"):
        await command(student, attempt_id, "check-in/steps", {"step": step})
    await student.call(
        "POST",
        f"/api/reservations/attempts/{attempt_id}/check-in/identity-photo",
        content=portrait(film),
        headers={"Content-Type": "image/jpeg", "Idempotency-Key": f"photo-{attempt_id}"},
    )
    await command(cast.proctor, attempt_id, "admit")


async def sit(cast: Cast, attempt_id: str, film: Film, outcome: Outcome, say: Say) -> None:
    """The student starts, streams the film, hides the tab once, gets more time, answers, and hands in."""
    await command(cast.student, attempt_id, "start")
    camera = Camera(cast.student, attempt_id)
    camera.open()
    filming = Filming(camera, film, say)
    running = asyncio.create_task(filming.run())
    try:
        await asyncio.gather(filming.is_shown.wait(), _write(cast, attempt_id, say))
        await _hide_tab(camera, say)
        await camera.drained()
        await command(cast.student, attempt_id, "submit")
        filming.end()
        await asyncio.gather(running, camera.until_dismissed())
    finally:
        running.cancel()
        outcome.frames_sent, outcome.frames_acknowledged = filming.sent, len(camera.acknowledged)
        await camera.close()


async def mark(cast: Cast, exam_id: str) -> None:
    """The grader takes the essay and marks it along its rubric."""
    review = await next_review(cast.grader, "essay", exam_id)
    detail = await cast.grader.get(f"/api/corrections/reviews/{review}")
    marks = [
        {"key": line["key"], "earned": paper_of.ESSAY_SHARE, "comment": "Right, but say how much."}
        for line in detail["essay"]["rubric"]
    ]
    await cast.grader.post(f"/api/corrections/reviews/{review}/claim", {})
    await decide(cast.grader, review, {"kind": "essay", "marks": marks, "comment": "Good."})


async def judge(cast: Cast, exam_id: str) -> None:
    """The reviewer upholds; because that needs a second person, another one looks, and clears."""
    rulings: tuple[tuple[Any, str, str], ...] = (
        (cast.reviewer, "upheld", "A second person and a phone are in the pictures."),
        (cast.second, "cleared", "The second person only passed by; the phone was put away."),
    )
    for reviewer, outcome, reason in rulings:
        review = await next_review(reviewer, "integrity", exam_id)
        detail = await reviewer.get(f"/api/corrections/reviews/{review}")
        ruling = "confirmed" if outcome == "upheld" else "explained"
        incidents = [
            {"incident_id": incident["incident_id"], "ruling": ruling, "reason": reason}
            for incident in detail["incidents"]
            if incident["severity"] != "technical"
        ]
        await reviewer.post(f"/api/corrections/reviews/{review}/claim", {})
        verdict = {"kind": "integrity", "outcome": outcome, "reason": reason, "incidents": incidents}
        await decide(reviewer, review, verdict)


async def release(cast: Cast, attempt_id: str) -> dict[str, Any]:
    """An admin releases the result once it is settled; the student reads it."""
    await until(lambda: _is_settled(cast, attempt_id), "marking and integrity to be settled")
    await command(cast.admin, attempt_id, "release")
    result: dict[str, Any] = await cast.student.get(f"/api/corrections/attempts/{attempt_id}/results")
    return result


async def archive(cast: Cast, attempt_id: str) -> list[str]:
    """Wait until the appeal window is over and report, tables and histories are written. Returns their names."""
    names: list[str] = []

    async def is_archived() -> bool:
        attempt = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
        found = await cast.admin.get(f"/api/analytics/attempts/{attempt_id}/archive")
        names[:] = [one["name"] for one in found]
        # Histories are exported one by one, each once its workflow has closed.
        has_all = all(any(part in name for name in names) for part in ARCHIVED)
        return attempt["release"] == "archived" and has_all

    await until(is_archived, "the archive")
    return names


async def command(person: Any, attempt_id: str, name: str, body: dict[str, Any] | None = None) -> Any:
    """One command to the attempt."""
    return await person.post(f"/api/reservations/attempts/{attempt_id}/{name}", body or {})


async def decide(person: Any, review_id: str, verdict: dict[str, Any]) -> None:
    """Decide a review, which completes the workflow that waits for it."""
    await person.post(f"/api/corrections/reviews/{review_id}/decide", {"verdict": verdict})


async def next_review(person: Any, kind: str, exam_id: str) -> str:
    """The id of the review that waits for this person; waits until there is one."""
    found: list[str] = []

    async def is_there() -> bool:
        queue = await person.get("/api/corrections/reviews", kind=kind, stage="open", exam_id=exam_id)
        found.extend(item["review_id"] for item in queue["items"] if not item["needs_another_person"])
        return bool(found)

    await until(is_there, f"a review of kind {kind}")
    return found[0]


async def until(condition: Callable[[], Awaitable[bool]], what: str, within: float = PATIENCE) -> None:
    """Poll until it holds. Raises TimeoutError that says what was awaited."""
    try:
        async with asyncio.timeout(within):
            while not await condition():
                await asyncio.sleep(0.3)
    except TimeoutError:
        raise TimeoutError(f"waited {within:.0f} s for {what}") from None


async def _hide_tab(camera: Camera, say: Say) -> None:
    say("the student hides the tab once")
    await camera.event("tab_hidden")
    await asyncio.sleep(TAB_HIDDEN_SECONDS)
    await camera.event("tab_visible")


async def _write(cast: Cast, attempt_id: str, say: Say) -> None:
    await command(cast.proctor, attempt_id, "extend", {"by": MORE_TIME, "reason": "The room was noisy."})
    say("the proctor gives two minutes more")
    path = f"/api/corrections/attempts/{attempt_id}"
    paper = await cast.student.get(f"{path}/paper")
    epoch = (await cast.student.post(f"{path}/answer-epoch"))["epoch"]
    questions = [question for section in paper["sections"] for question in section["questions"]]
    for question in questions:
        await asyncio.sleep(2)
        answer = {
            "epoch": epoch,
            "revision": 1,
            "value": paper_of.answer_to(question),
            "answered_at": datetime.now(UTC).isoformat(),
            "seconds": 2,
        }
        await cast.student.call("PUT", f"{path}/answers/{question['question_id']}", json=answer)
    say(f"the student has answered {len(questions)} questions")


async def _is_settled(cast: Cast, attempt_id: str) -> bool:
    attempt = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    return attempt["marking"] == "marked" and attempt["integrity"] in {"none", "cleared", "upheld"}
