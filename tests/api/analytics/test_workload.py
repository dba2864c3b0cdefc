"""The reviewers' load: what waits, who holds it, who decided how much and how fast."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schema.db.tables.corrections import ReviewRow
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.role import Role
from tests.api.house import House, Someone

URL = "/api/analytics/reviews"
JANUARY = {"from": "2027-01-01", "to": "2027-01-31"}


async def review(house: House, opened_at: datetime, kind: str = "essay", **columns: Any) -> None:
    row = ReviewRow(
        review_id=new_id(), attempt_id=new_id(), exam_id=new_id(), organisation_id=DEFAULT_ORGANISATION, kind=kind,
        subject="q", round_number=1, stage="open", excluded=[], opened_at=opened_at,
        remind_at=opened_at + timedelta(days=1), escalate_at=opened_at + timedelta(days=3), version=1,
    )  # fmt: skip
    for name, value in columns.items():
        setattr(row, name, value)
    async with house.context.databases.corrections.write() as session:
        session.add(row)


async def decided(house: House, person_id: UUID, at: datetime, hours: float, **columns: Any) -> None:
    opened_at = at - timedelta(hours=hours)
    await review(house, opened_at, stage="decided", decided_by=person_id, decided_at=at, **columns)


async def loaded(house: House) -> tuple[Someone, Someone]:
    """A grader with three decisions in January and one in December, a reviewer who holds an overdue case."""
    grader, reviewer = await house.person(Role.GRADER), await house.person(Role.REVIEWER)
    for hours, day in ((1.0, 1), (2.0, 10), (9.0, 31)):
        await decided(house, grader.person_id, datetime(2027, 1, day, 23, 30, tzinfo=UTC), hours)
    await decided(house, grader.person_id, datetime(2026, 12, 31, 23, 59, tzinfo=UTC), 1.0)
    now = house.clock()
    await review(house, now - timedelta(hours=1))
    await review(
        house, now - timedelta(days=4), "integrity", stage="assigned", assignee_id=reviewer.person_id
    )
    await review(house, now - timedelta(days=2), "integrity")
    await review(house, now, organisation_id=new_id())
    return grader, reviewer


async def test_what_waits_and_who_did_how_much(house: House) -> None:
    grader, reviewer = await loaded(house)
    admin = await house.person(Role.ADMIN)

    found = (await house.client.get(URL, params=JANUARY, headers=admin.headers)).json()

    assert found["read_at"] == "2027-01-11T09:00:00Z"
    assert found["waiting"] == [
        {"kind": "essay", "unassigned": 1, "assigned": 0, "overdue": 0, "oldest_opened_at": "2027-01-11T08:00:00Z"},
        {
            "kind": "integrity", "unassigned": 1, "assigned": 1, "overdue": 1,
            "oldest_opened_at": "2027-01-07T09:00:00Z",
        },
    ]  # fmt: skip
    name = "Somebody"
    assert found["people"] == [
        {
            "person_id": str(grader.person_id), "name": name, "held": 0, "overdue": 0, "decided": {"essay": 3},
            "median_hours": 2.0,
        },
        {
            "person_id": str(reviewer.person_id), "name": name, "held": 1, "overdue": 1, "decided": {},
            "median_hours": None,
        },
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.GRADER, Role.REVIEWER])
async def test_deciders_see_the_queue_and_themselves(house: House, role: Role) -> None:
    people = dict(zip((Role.GRADER, Role.REVIEWER), await loaded(house), strict=True))

    found = (await house.client.get(URL, params=JANUARY, headers=people[role].headers)).json()

    assert [one["person_id"] for one in found["people"]] == [str(people[role].person_id)]
    assert len(found["waiting"]) == 2


async def test_a_range_of_half_a_year_is_too_wide_here(house: House) -> None:
    admin = await house.person(Role.ADMIN)
    query = {"from": "2026-07-01", "to": "2026-12-31"}

    answer = await house.client.get(URL, params=query, headers=admin.headers)

    assert (answer.status_code, answer.json()["pointer"]) == (422, "/to")
    assert "at most 92" in answer.json()["detail"]


async def test_the_load_of_one_exam(house: House) -> None:
    grader, _ = await loaded(house)
    admin, exam = await house.person(Role.ADMIN), await house.exam()
    await review(house, house.clock(), exam_id=exam.exam_id)
    await decided(house, grader.person_id, datetime(2027, 1, 5, tzinfo=UTC), 4.0, exam_id=exam.exam_id)

    query = {**JANUARY, "exam_id": str(exam.exam_id)}
    found = (await house.client.get(URL, params=query, headers=admin.headers)).json()

    assert [(one["kind"], one["unassigned"]) for one in found["waiting"]] == [("essay", 1)]
    assert [(one["decided"], one["median_hours"]) for one in found["people"]] == [({"essay": 1}, 4.0)]


async def test_the_load_of_another_organisations_exam_is_not_found(house: House) -> None:
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())
    query = {"exam_id": str((await house.exam()).exam_id)}

    assert (await house.client.get(URL, params=query, headers=stranger.headers)).status_code == 404
