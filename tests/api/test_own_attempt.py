"""People get at their own attempts as their student only, whatever other roles they have: every route is asked."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from api.security import PeopleOnly, declared_accesses
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.monitoring import AttemptFeed, IncidentRow
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.incident import IncidentKind, Severity
from schema.role import Role
from schema.settings import Part
from tests.api.house import House, Someone
from tests.api.test_standing import served


@dataclass
class Scene:
    """An attempt in progress with a critical incident and a review, whose student has every role."""

    app: FastAPI
    client: httpx.AsyncClient
    me: Someone
    colleague: Someone
    attempt_id: UUID
    exam_id: UUID
    slot_id: UUID
    incident_id: UUID
    review_id: UUID

    async def get(self, path: str, person: Someone, **query: Any) -> httpx.Response:
        return await self.client.get(f"/api/{path}", params=query, headers=person.headers)


@pytest.fixture
async def scene(house: House) -> AsyncIterator[Scene]:
    me, colleague = await house.person(*Role), await house.person(*Role)
    exam = await house.exam(me.person_id)
    slot_id = await house.slot(exam, starts_in=timedelta(0))
    attempt_id = await house.attempt(me.person_id, exam, slot_id, "in_progress")
    incident_id, review_id, now = new_id(), new_id(), house.clock()
    async with house.context.databases.monitoring.write() as session:
        session.add(
            AttemptFeed(attempt_id=attempt_id, organisation_id=DEFAULT_ORGANISATION, exam_id=exam.exam_id,
                        student_id=me.person_id, presence="online", interval_ms=1000, epoch=1, opens=True)
        )  # fmt: skip
        session.add(
            IncidentRow(incident_id=incident_id, attempt_id=attempt_id, kind=IncidentKind.MULTIPLE_FACES,
                        severity=Severity.CRITICAL, opening_offset=1, started_at=now, confidence=0.9,
                        rule="r", model="m", created_at=now)
        )  # fmt: skip
    async with house.context.databases.corrections.write() as session:
        session.add(
            ReviewRow(review_id=review_id, attempt_id=attempt_id, exam_id=exam.exam_id,
                      organisation_id=DEFAULT_ORGANISATION, kind="integrity", subject="integrity:1",
                      round_number=1, stage="open", excluded=[], opened_at=now, remind_at=now,
                      escalate_at=now, version=1)
        )  # fmt: skip
    async with served(house, *Part) as (app, client):
        yield Scene(app, client, me, colleague, attempt_id, exam.exam_id, slot_id, incident_id, review_id)


def staff_routes(scene: Scene) -> list[tuple[str, str]]:
    """Each method and path at which staff act on an attempt or a review, with this one's ids in it."""
    known = {
        "attempt_id": scene.attempt_id,
        "incident_id": scene.incident_id,
        "review_id": scene.review_id,
        "moment": "at",
        "offset": 1,
    }
    found = []
    for route, accesses in declared_accesses(scene.app):
        access, path = accesses[0], route.path or ""
        is_about_one = "{attempt_id" in path or "{review_id" in path
        if (
            isinstance(access, PeopleOnly)
            and access.roles
            and Role.STUDENT not in access.roles
            and is_about_one
        ):
            filled = re.sub(r"\{(\w+)[^}]*\}", lambda name: str(known.get(name[1], new_id())), path)
            found += [(method, filled) for method in sorted(route.methods or ())]
    return found


BODIES: dict[str, dict[str, Any]] = {
    "claim": {},
    "decide": {"verdict": {"kind": "integrity", "outcome": "cleared", "reason": "It was my cat."}},
    "accept": {"epoch": 1, "revision": 1, "reason": "Because."},
    "extend": {"extra_seconds": 600, "reason": "Because."},
}


async def test_every_route_for_staff_refuses_ones_own_attempt(scene: Scene) -> None:
    routes = staff_routes(scene)

    answers = {}
    for method, path in routes:
        body = BODIES.get(path.rsplit("/", 1)[-1], {"reason": "Because."})
        headers = scene.me.keyed()
        content = None if method == "GET" else body
        answers[method, path] = await scene.client.request(method, path, headers=headers, json=content)

    assert len(routes) > 30
    allowed = {route: answer.text for route, answer in answers.items() if answer.status_code != 403}
    # A body is read before anybody is known; what it lacks is said without a look at the attempt.
    assert {route for route, text in allowed.items() if "/problems/invalid" not in text} == set()
    assert all(method != "GET" for method, _ in allowed)


async def test_lists_of_staff_leave_ones_own_attempt_out(scene: Scene) -> None:
    me, colleague = scene.me, scene.colleague
    exam = {"exam_id": str(scene.exam_id)}

    for path, query in (
        ("monitoring/wall", exam),
        ("monitoring/alerts", exam),
        ("corrections/reviews", exam),
        ("reservations/attempts/search", exam),
    ):
        mine, theirs = await scene.get(path, me, **query), await scene.get(path, colleague, **query)
        assert (mine.status_code, theirs.status_code) == (200, 200), (path, mine.text, theirs.text)
        assert mine.json()["items"] == [], path
        assert len(theirs.json()["items"]) == 1, path


async def test_counts_leave_it_out(scene: Scene) -> None:
    free = [
        (await scene.get("corrections/reviews/count", who)).json()["free"]
        for who in (scene.me, scene.colleague)
    ]
    desks = [(await scene.get("monitoring/desk", who)).json() for who in (scene.me, scene.colleague)]

    assert free == [0, 1]
    assert [desk["slots"][0]["unseen"] for desk in desks] == [0, 1]
    assert [desk["slots"][0]["writing"] for desk in desks] == [0, 1]


async def test_the_results_of_an_exam_are_without_ones_own_line(scene: Scene) -> None:
    path = f"analytics/exams/{scene.exam_id}/results.csv"

    mine, theirs = await scene.get(path, scene.me), await scene.get(path, scene.colleague)

    assert str(scene.attempt_id) not in mine.text
    assert str(scene.attempt_id) in theirs.text


async def test_its_student_still_sees_it_as_a_student(scene: Scene) -> None:
    shown = await scene.get(f"reservations/attempts/{scene.attempt_id}", scene.me)
    presence = await scene.get(f"monitoring/attempts/{scene.attempt_id}/presence", scene.me)
    messages = await scene.get(f"monitoring/attempts/{scene.attempt_id}/messages", scene.me)

    assert (shown.status_code, shown.json()["risk"]) == (200, None)
    assert (presence.status_code, messages.status_code) == (200, 200)


async def test_a_student_who_is_none_any_more_is_no_overseer_of_it(scene: Scene, house: House) -> None:
    await house.with_roles(scene.me, Role.PROCTOR, Role.REVIEWER, Role.ADMIN)

    shown = await scene.get(f"reservations/attempts/{scene.attempt_id}", scene.me)
    incidents = await scene.get(f"monitoring/attempts/{scene.attempt_id}/incidents", scene.me)

    assert shown.json().get("risk") is None
    assert incidents.status_code == 403


async def test_whoever_marks_an_essay_sees_nothing_else_of_the_attempt(scene: Scene, house: House) -> None:
    marker = scene.colleague.person_id
    async with house.context.databases.corrections.write() as session:
        review = await session.get_one(ReviewRow, scene.review_id)
        review.kind, review.stage, review.assignee_id, review.decided_at = "essay", "assigned", marker, None
    shown = [path for method, path in staff_routes(scene) if method == "GET" and "/reviews" not in path]
    shown = [f"{path}?after=0&limit=9" if path.endswith("/pictures") else path for path in shown]
    one = f"attempts/{scene.attempt_id}"  # which students read of themselves
    shown += [f"/api/reservations/{one}{path}" for path in ("", "/moves", "/check-in/identity-photo")]
    shown += [f"/api/analytics/{one}/timeline", f"/api/analytics/{one}/report"]
    shown += [f"/api/corrections/{one}/results", f"/api/monitoring/{one}/messages"]
    shown += [f"/api/monitoring/{one}/presence"]

    answers = [await scene.client.get(path, headers=scene.colleague.headers) for path in shown]

    assert len(shown) > 12
    assert {path for path, answer in zip(shown, answers, strict=True) if answer.status_code != 403} == set()
    for path in (
        "monitoring/wall",
        "monitoring/alerts",
        "reservations/attempts/search",
        "reservations/attempts",
    ):
        found = await scene.get(path, scene.colleague, exam_id=str(scene.exam_id))
        assert (found.status_code, found.json()["items"]) == (200, []), path
