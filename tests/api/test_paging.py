"""Pages: every item once, in order, also when instants are equal and items come and go meanwhile."""

from datetime import timedelta
from uuid import UUID

import pytest

from schema.db.tables.analytics import TimelineEvent
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.role import Role
from tests.api.house import House, Someone


async def walk(house: House, someone: Someone, path: str, limit: int) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    cursor = ""
    joint = "&" if "?" in path else "?"
    for _ in range(100):
        answer = await house.client.get(f"{path}{joint}limit={limit}{cursor}", headers=someone.headers)
        page = answer.json()
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = f"&cursor={page['next_cursor']}"
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 200])
async def test_every_slot_comes_once_soonest_first(house: House, limit: int) -> None:
    student, exam = await house.person(Role.STUDENT), await house.exam()
    days = [3, 1, 2, 2, 2, 5, 4]
    slots = {str(await house.slot(exam, timedelta(days=day))) for day in days}

    items = await walk(house, student, "/api/reservations/slots", limit)

    assert {item["slot_id"] for item in items} == slots
    assert len(items) == len(days)
    starts = [str(item["starts_at"]) for item in items]
    assert starts == sorted(starts)


async def test_past_slots_are_shown_on_demand(house: House) -> None:
    student, exam = await house.person(Role.STUDENT), await house.exam()
    past, coming = await house.slot(exam, timedelta(days=-1)), await house.slot(exam)

    upcoming = await walk(house, student, "/api/reservations/slots", 10)
    every = await walk(
        house, student, f"/api/reservations/slots?include_past=true&exam_id={exam.exam_id}", 10
    )

    assert [item["slot_id"] for item in upcoming] == [str(coming)]
    assert [item["slot_id"] for item in every] == [str(past), str(coming)]


async def test_attempts_are_filtered(house: House) -> None:
    proctor, exam = await house.person(Role.PROCTOR), await house.exam()
    slot = await house.slot(exam)
    made: dict[str, UUID] = {
        phase: await house.attempt(new_id(), exam, slot, phase, integrity=integrity)
        for phase, integrity in (
            ("reserved", "undetermined"),
            ("in_progress", "undetermined"),
            ("submitted", "pending"),
        )
    }

    async def found(query: str) -> set[str]:
        items = await walk(house, proctor, f"/api/reservations/attempts?{query}", 1)
        return {str(item["attempt_id"]) for item in items}

    assert await found("phase=reserved&phase=in_progress") == {
        str(made["reserved"]),
        str(made["in_progress"]),
    }
    assert await found("integrity=pending") == {str(made["submitted"])}
    assert await found(f"exam_id={exam.exam_id}&slot_id={slot}") == {str(one) for one in made.values()}
    assert await found(f"exam_id={new_id()}") == set()


async def test_the_timeline_is_ordered_by_instant_source_and_sequence(house: House) -> None:
    proctor, exam = await house.person(Role.PROCTOR), await house.exam()
    attempt_id = await house.attempt(new_id(), exam, await house.slot(exam))
    now = house.clock()
    facts = [
        (now, "reservations", 1),
        (now, "monitoring", 2),
        (now, "monitoring", 1),
        (now - timedelta(seconds=1), "reservations", 2),
    ]
    async with house.context.databases.analytics.write() as session:
        for at, source, sequence in facts:
            event = TimelineEvent(
                event_id=new_id(), attempt_id=attempt_id, exam_id=exam.exam_id, student_id=new_id()
            )
            event.organisation_id, event.topic, event.data = DEFAULT_ORGANISATION, "attempt_changed", {}
            event.source, event.sequence, event.occurred_at, event.relayed_at = source, sequence, at, now
            session.add(event)

    items = await walk(house, proctor, f"/api/reservations/attempts/{attempt_id}/timeline", 1)

    assert [(item["source"], item["sequence"]) for item in items] == [
        ("reservations", 2),
        ("monitoring", 1),
        ("monitoring", 2),
        ("reservations", 1),
    ]


async def test_a_cursor_belongs_to_its_list(house: House) -> None:
    admin, exam = await house.person(Role.ADMIN), await house.exam()
    await house.slot(exam)
    await house.slot(exam)
    attempt_id = await house.attempt(new_id(), exam, await house.slot(exam))
    page = (await house.client.get("/api/reservations/slots?limit=1", headers=admin.headers)).json()

    path = f"/api/reservations/attempts/{attempt_id}/moves?cursor={page['next_cursor']}"
    answer = await house.client.get(path, headers=admin.headers)

    assert answer.status_code == 422
    assert answer.json()["pointer"] == "/cursor"
