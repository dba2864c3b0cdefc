"""Time that people give through HTTP: before the start too, what it came to, and the end of the slot."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schema.exam import Exam
from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_attempt_flow import ATTEMPTS, NOW, ask, check_in, done, reserve
from tests.api.test_operation import ask_many, finished

pytestmark = pytest.mark.temporal

MINUTE = timedelta(minutes=1)
CAPPED = {"cap_at_slot_end": True, "duration": 119 * MINUTE, "admission": "automatic"}  # of a slot of 120


async def seated(house: House, student: Someone, **policy: Any) -> tuple[Exam, str]:
    exam = await house.exam(**policy)
    answer = await reserve(house, student, exam, await house.slot(exam, NOW))
    return exam, str(answer.json()["attempt_id"])


async def give_extra_time(house: House, student: Someone, factor: str, admin: Someone) -> None:
    path = f"/api/users/people/{student.person_id}/extra-time"
    body = {"duration_factor": factor, "reason": "dyslexia"}
    answer = await house.client.put(path, json=body, headers=admin.headers)
    assert answer.status_code == 200, answer.text


def length(view: dict[str, Any], started: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(view["deadline_at"]) - datetime.fromisoformat(started["started_at"])


async def shown(house: House, person: Someone, attempt_id: str) -> dict[str, Any]:
    answer = await house.client.get(f"{ATTEMPTS}/{attempt_id}", headers=person.headers)
    found: dict[str, Any] = answer.json()
    return found


async def test_extra_time_that_was_granted_after_the_reservation_counts(live: House) -> None:
    student, admin = await live.person(Role.STUDENT), await live.person(Role.ADMIN)
    _, attempt_id = await seated(live, student, duration=60 * MINUTE, admission="automatic")
    await check_in(live, student, attempt_id)
    await give_extra_time(live, student, "1.5", admin)

    await done(live, student, attempt_id, "start")

    detail = await shown(live, student, attempt_id)
    assert length(detail, detail) == 90 * MINUTE


async def test_time_is_given_before_the_start(live: House) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    _, attempt_id = await seated(live, student, duration=60 * MINUTE, admission="automatic")
    await done(live, student, attempt_id, "confirm")

    extended = await done(live, proctor, attempt_id, "extend", by="PT10M", reason="late bus")

    assert (extended["phase"], extended["deadline_at"]) == ("reserved", None)
    given = extended["given"]
    assert (given["asked"], given["added"], given["why_less"]) == ("PT10M", "PT10M", None)
    await done(live, student, attempt_id, "check-in")
    for step in ("browser", "camera", "consent"):
        await done(live, student, attempt_id, "check-in/steps", step=step)


async def test_who_gives_time_under_a_cap_is_told_what_was_added_and_why_less(live: House) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    exam, attempt_id = await seated(live, student, **CAPPED)
    await check_in(live, student, attempt_id)
    started = await done(live, student, attempt_id, "start")

    extended = await done(live, proctor, attempt_id, "extend", by="PT5M")
    again = await ask(live, proctor, attempt_id, "extend", {"by": "PT5M"})
    many = await ask_many(live, proctor, verb="extend", attempt_ids=[attempt_id], by="PT5M")
    answers = await finished(live, proctor, many.json()["operation_id"])

    given = extended["given"]
    assert (given["asked"], given["why_less"], given["cap_at"]) == ("PT5M", "cap", started["cap_at"])
    assert given["added"] != "PT5M"
    assert extended["deadline_at"] == started["cap_at"]
    assert again.status_code == 409
    assert "ends with its slot" in again.json()["detail"]
    assert answers["acknowledgements"]["items"][0]["state"] == "refused"
    moves = await live.client.get(f"{ATTEMPTS}/{attempt_id}/moves?limit=200", headers=proctor.headers)
    (move,) = [move for move in moves.json()["items"] if move["verb"] == "extend"]
    assert (move["facts"]["asked_seconds"], move["facts"]["why_less"]) == ("300", "cap")
    assert exam.policy.cap_at_slot_end


async def test_many_are_told_each_what_was_added(live: House) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    _, attempt_id = await seated(live, student, **CAPPED)
    await done(live, student, attempt_id, "confirm")

    many = await ask_many(live, proctor, verb="extend", attempt_ids=[attempt_id], by="PT5M")
    answers = await finished(live, proctor, many.json()["operation_id"])

    (answer,) = answers["acknowledgements"]["items"]
    assert (answer["state"], answer["type"]) == ("done", "cap")
    assert "of 5 min were added: this exam ends with its slot" in answer["why"]


async def test_a_pause_under_a_cap_says_what_it_costs_and_an_admin_lifts_the_cap(live: House) -> None:
    student, proctor = await live.person(Role.STUDENT), await live.person(Role.PROCTOR)
    admin = await live.person(Role.ADMIN)
    _, attempt_id = await seated(live, student, **{**CAPPED, "duration": 120 * MINUTE})
    await check_in(live, student, attempt_id)
    started = await done(live, student, attempt_id, "start")
    paused = await done(live, proctor, attempt_id, "pause", reason="fire alarm")

    by_proctor = await ask(live, proctor, attempt_id, "lift-cap", {"reason": "the alarm was ours"})
    lifted = await done(live, admin, attempt_id, "lift-cap", reason="the alarm was ours")
    extended = await done(live, proctor, attempt_id, "extend", by="PT30M")
    again = await ask(live, admin, attempt_id, "lift-cap", {"reason": "the alarm was ours"})

    assert (started["pause_slack"], paused["pause_slack"]) == ("PT0S", "PT0S")
    assert (await shown(live, admin, attempt_id))["pause_slack"] is None
    assert by_proctor.status_code == 403
    assert (lifted["cap_at"], lifted["pause_slack"]) == (None, None)
    assert extended["given"]["added"] == "PT30M"
    assert again.status_code == 409


async def test_who_has_extra_time_that_does_not_fit_is_told_before_and_at_booking(live: House) -> None:
    student, admin = await live.person(Role.STUDENT), await live.person(Role.ADMIN)
    await give_extra_time(live, student, "1.5", admin)
    exam = await live.exam(cap_at_slot_end=True, duration=100 * MINUTE)
    slot_id = await live.slot(exam)

    path = f"/api/reservations/slots?exam_id={exam.exam_id}"
    (slot,) = (await live.client.get(path, headers=student.headers)).json()["items"]
    booked = await reserve(live, student, exam, slot_id)

    assert (slot["ends_with_slot"], slot["missing_time"]) == (True, "PT30M")
    assert booked.json()["missing_time"] == "PT30M"
    assert booked.json()["cap_at"] == slot["ends_at"]


async def test_publishing_says_that_an_exam_ends_with_its_slot_and_which_slots_are_too_short(
    live: House,
) -> None:
    author = await live.person(Role.AUTHOR)
    exam = await live.exam(author.person_id, cap_at_slot_end=True, duration=150 * MINUTE)
    slot_id = await live.slot(exam)

    path = f"/api/reservations/exams/{exam.exam_id}/publish"
    answer = await live.client.post(path, headers={**author.headers, "If-Match": '"1"'})

    assert answer.status_code == 200, answer.text
    capped, short = answer.json()["cautions"]
    assert (capped["what"], short["what"]) == ("ends_with_slot", "slot_too_short")
    assert (short["slot_id"], short["missing"]) == (str(slot_id), "PT30M")
