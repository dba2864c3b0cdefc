"""What a student is told before the exam."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.app import create_app
from schema.attempt import Phase
from schema.conduct import new_state
from schema.db.session import Databases
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.reservations import AttemptMove, AttemptSnapshot
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.incident import Preset, policy_for
from schema.lifecycle import SlotWindow
from schema.outage.interval import Interval
from schema.role import Role
from schema.settings import Settings
from tests.api.conftest import serving
from tests.api.house import House, MovableClock
from tests.contracts.builder import a_hold, a_slot


@pytest.fixture
async def hall(settings: Settings, databases: Databases, clock: MovableClock) -> AsyncIterator[House]:
    app = create_app(settings, databases=databases, clock=clock)
    async with serving(app) as client:
        yield House(client, app.state.context, clock)


async def test_it_says_when_what_is_possible_and_how_long_data_are_kept(hall: House) -> None:
    student = await hall.person(Role.STUDENT)
    exam = await hall.exam(check_in_opens=timedelta(minutes=20), cancel_cut_off=timedelta(hours=2))
    slot_id = await hall.slot(exam, starts_in=timedelta(days=1))
    attempt_id = await hall.attempt(student.person_id, exam, slot_id)

    answer = await hall.client.get(
        f"/api/reservations/attempts/{attempt_id}/briefing", headers=student.headers
    )

    told = answer.json()
    assert answer.status_code == 200
    assert (told["starts_at"], told["check_in_opens_at"]) == ("2027-01-12T09:00:00Z", "2027-01-12T08:40:00Z")
    assert told["cancel_until"] == "2027-01-12T07:00:00Z"
    assert told["kept"]["media"] == "P30D"
    assert told["place_in_queue"] is None
    assert "looking_away" not in told["watched"]


async def test_it_says_whether_a_microphone_is_tried_out_and_how_long_admission_may_take(hall: House) -> None:
    student = await hall.person(Role.STUDENT)
    policies: list[dict[str, Any]] = [
        {},
        {"microphone": True, "admission_escalates_after": timedelta(minutes=5)},
    ]
    told = []
    for policy in policies:
        exam = await hall.exam(**policy)
        attempt_id = await hall.attempt(student.person_id, exam, await hall.slot(exam))
        path = f"/api/reservations/attempts/{attempt_id}/briefing"
        answer = (await hall.client.get(path, headers=student.headers)).json()
        told.append((answer["microphone"], answer["admission_escalates_after"]))

    assert told == [(False, "PT10M"), (True, "PT5M")]


async def test_the_place_in_the_queue_is_by_the_end_of_check_in(hall: House) -> None:
    exam = await hall.exam()
    slot_id = await hall.slot(exam)
    waiting = []
    for minutes in (3, 1, 2):
        student = await hall.person(Role.STUDENT)
        attempt_id = await hall.attempt(student.person_id, exam, slot_id, phase="awaiting_admission")
        move = AttemptMove(
            attempt_id=attempt_id, version=4, machine="attempt", source="checking_in", verb="complete_check_in",
            target="awaiting_admission", actor_role="student", at=hall.clock() + timedelta(minutes=minutes),
        )  # fmt: skip
        async with hall.context.databases.reservations.write() as session:
            session.add(move)
        waiting.append((student, attempt_id))

    places = [
        (
            await hall.client.get(
                f"/api/reservations/attempts/{attempt_id}/briefing", headers=student.headers
            )
        ).json()["place_in_queue"]
        for student, attempt_id in waiting
    ]

    assert places == [3, 1, 2]


async def test_somebody_elses_briefing_does_not_exist(hall: House) -> None:
    exam = await hall.exam()
    attempt_id = await hall.attempt(new_id(), exam, await hall.slot(exam))
    student = await hall.person(Role.STUDENT)

    answer = await hall.client.get(
        f"/api/reservations/attempts/{attempt_id}/briefing", headers=student.headers
    )

    assert answer.status_code == 404


async def test_an_outage_makes_the_time_to_come_longer(hall: House) -> None:
    student = await hall.person(Role.STUDENT)
    exam = await hall.exam()
    slot_id = await hall.slot(exam, starts_in=timedelta(days=1))
    attempt_id = await hall.attempt(student.person_id, exam, slot_id)
    path = f"/api/reservations/attempts/{attempt_id}/briefing"
    before = (await hall.client.get(path, headers=student.headers)).json()
    starts_at = datetime.fromisoformat(before["starts_at"])
    slot = SlotWindow(slot_id=slot_id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    attempt = a_hold(a_slot()).attempt.model_copy(update={"attempt_id": attempt_id, "slot": slot})
    away = Interval(start=starts_at - timedelta(minutes=5), end=starts_at + timedelta(minutes=15))
    state = new_state(attempt, hall.clock()).model_copy(update={"phase": Phase.RESERVED, "away": (away,)})
    content = attempt.model_copy(update={"resumed": state}).model_dump(mode="json")
    async with hall.context.databases.reservations.write() as session:
        facts = {"attempt_id": attempt_id, "generation": 0, "version": 1, "updated_at": hall.clock()}
        session.add(AttemptSnapshot(**facts, content=content))

    after = (await hall.client.get(path, headers=student.headers)).json()

    told = [datetime.fromisoformat(one["no_show_at"]) - starts_at for one in (before, after)]
    assert told == [timedelta(minutes=30), timedelta(minutes=50)]


async def test_it_says_that_faces_are_compared_and_on_which_legal_basis(hall: House) -> None:
    student = await hall.person(Role.STUDENT)
    told = []
    for is_on in (False, True):
        detection = policy_for(Preset.MODERATE, other_person=is_on, other_person_basis="consent")
        exam = await hall.exam(detection=detection)
        attempt_id = await hall.attempt(student.person_id, exam, await hall.slot(exam))
        path = f"/api/reservations/attempts/{attempt_id}/briefing"
        answer = (await hall.client.get(path, headers=student.headers)).json()
        told.append(("other_person" in answer["watched"], answer["faces_compared_because"]))

    assert told == [(False, ""), (True, "consent")]


async def test_whoever_marks_an_essay_blindly_meets_its_student_nowhere_else(hall: House) -> None:
    student, marker = await hall.person(Role.STUDENT), await hall.person(*Role)
    exam, now = await hall.exam(), hall.clock()
    attempt_id = await hall.attempt(student.person_id, exam, await hall.slot(exam), phase="submitted")
    essay, conduct = new_id(), new_id()
    async with hall.context.databases.corrections.write() as session:
        for review_id, kind, holder in ((essay, "essay", marker.person_id), (conduct, "integrity", None)):
            session.add(
                ReviewRow(
                    review_id=review_id, attempt_id=attempt_id, exam_id=exam.exam_id, kind=kind, subject=kind,
                    organisation_id=DEFAULT_ORGANISATION, round_number=1, stage="assigned" if holder else "open",
                    excluded=[], opened_at=now, remind_at=now, escalate_at=now, assignee_id=holder, version=1,
                )
            )  # fmt: skip
    path, reviews = f"/api/reservations/attempts/{attempt_id}", "/api/corrections/reviews"

    async def listed() -> set[str]:
        answer = await hall.client.get(reviews, headers=marker.headers)
        return {item["review_id"] for item in answer.json()["items"]}

    counted = (await hall.client.get(f"{reviews}/count", headers=marker.headers)).json()
    shown = await listed()
    refused = [
        await hall.client.get(f"{path}/briefing", headers=marker.headers),
        await hall.client.get(f"{reviews}/{conduct}", headers=marker.headers),
        await hall.client.post(f"{path}/void", json={"reason": "Why?"}, headers=marker.keyed()),
        *[
            await hall.client.post(f"{reviews}/{conduct}/{act}", json={}, headers=marker.keyed())
            for act in ("claim", "give-back")
        ],
    ]
    async with hall.context.databases.corrections.write() as session:
        (await session.get_one(ReviewRow, essay)).decided_at = now
    briefed = await hall.client.get(f"{path}/briefing", headers=marker.headers)

    assert (shown, counted["free"], counted["mine"]) == ({str(essay)}, 0, 1)
    assert [answer.status_code for answer in refused] == [403] * 5
    assert all("you are marking an essay" in answer.json()["detail"] for answer in refused)
    assert (briefed.status_code, await listed()) == (200, {str(essay), str(conduct)})
