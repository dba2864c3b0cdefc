"""The exam of the dishonest client: its right answers carry marks that no student may ever read."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.product.arrange import AUTOMATIC
from tests.product.house import House

KEY = "KEYMARK"  # stands in the feedback of right options only
NUMBER = "31415.9265"  # the exact target; the cheat guesses a number within the tolerance
GUESS = "31415.9"
QUESTIONS = f"""\
What is the capital of Portugal? {{
  =Lisbon#{KEY} of Lisbon
  ~Porto
  ~Coimbra
}}

At sea level water boils at 100 degrees Celsius. {{TRUE#A wrong word#{KEY} of water}}

Which number was meant? {{#{NUMBER}:0.5}}
"""
EARNED, POINTS = "2.000", "6.000"  # what the honest answers are worth

Value = dict[str, Any]


async def published(house: House, **policy: Any) -> str:
    """A new exam of this paper. Returns its id."""
    exam_id = await drafted(house, **policy)
    author = house.staff["author"]
    exam = await author.call(
        "POST",
        f"/api/reservations/exams/{exam_id}/import",
        params={"points": "2"},
        content=QUESTIONS.encode(),
        headers={"Content-Type": "text/plain", "Idempotency-Key": f"import-{exam_id}"},
    )
    match = {"If-Match": f'"{exam["version"]}"'}
    await author.post(f"/api/reservations/exams/{exam_id}/publish", headers=match)
    return exam_id


async def drafted(house: House, **policy: Any) -> str:
    """An exam that nobody may book. Returns its id."""
    rules = {
        "duration": "PT30M",
        "release": "manual",
        "reminders": [],
        "coverage_minimum": 0,
        **AUTOMATIC,
        **policy,
    }
    draft = {"title": f"Honesty {uuid4().hex[:6]}", "instructions": "", "policy": rules, "sections": []}
    exam_id: str = (await house.staff["author"].post("/api/reservations/exams", draft))["exam_id"]
    return exam_id


async def slot_of(house: House, exam_id: str, starts_in: timedelta = timedelta(0)) -> str:
    """A slot of two hours with room for everybody. Returns its id."""
    starts_at = datetime.now(UTC) + starts_in
    ends_at = starts_at + timedelta(hours=2)
    wanted = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "seats": 50}
    slot_id: str = (
        await house.staff["author"].post("/api/reservations/slots", {"exam_id": exam_id, **wanted})
    )["slot_id"]
    return slot_id


def honest(question: Value) -> Value:
    """What both twins answer: the first question right, the others wrong."""
    if question["kind"] == "single_choice":
        return _choice(question, "Lisbon")
    return {"kind": "truth", "value": False} if question["kind"] == "true_false" else _number("3")


def right(question: Value) -> Value:
    """What the cheat would like to have answered."""
    if question["kind"] == "single_choice":
        return _choice(question, "Lisbon")
    return {"kind": "truth", "value": True} if question["kind"] == "true_false" else _number(GUESS)


def _choice(question: Value, text: str) -> Value:
    key = next(option["key"] for option in question["options"] if text in option["html"])
    return {"kind": "choice", "chosen": [key]}


def _number(value: str) -> Value:
    return {"kind": "number", "value": value}
