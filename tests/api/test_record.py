"""The record of an attempt: who reads what of it, and how its clock, incidents, holds and keeping are told."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from schema.archive import archive_folder
from schema.clock import ExamClock
from schema.coverage.figure import WatchCoverage
from schema.db.tables.corrections import MarkingRound, ReviewRow
from schema.db.tables.reservations import AttemptMove
from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_search import named, noticed, sitting

ATTEMPTS = "/api/reservations/attempts"


async def record(house: House, who: Someone, attempt_id: UUID) -> dict[str, Any]:
    answer = await house.client.get(f"{ATTEMPTS}/{attempt_id}/record", headers=who.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def moved(house: House, attempt_id: UUID, *moves: tuple[str, int], by: UUID | None = None) -> None:
    """Moves by verb and the minute they were made in."""
    begun = house.clock()
    async with house.context.databases.reservations.write() as session:
        session.add_all(
            AttemptMove(
                attempt_id=attempt_id,
                version=number,
                machine="attempt",
                source="in_progress",
                verb=verb,
                target="in_progress",
                actor_role="proctor",
                actor_id=by,
                reason=f"why {verb}",
                at=begun + timedelta(minutes=minute),
            )
            for number, (verb, minute) in enumerate(moves, 1)
        )


async def test_it_tells_whose_attempt_it_is_and_what_happened(house: House) -> None:
    admin, student = await house.person(Role.ADMIN), await named(house, "Anna Arm", "s-1")
    attempt_id = await sitting(house, student, phase="in_progress")
    await noticed(house, attempt_id, "critical")
    await moved(house, attempt_id, ("pause", 1), by=admin.person_id)

    told = await record(house, admin, attempt_id)

    assert (told["attempt"]["student_name"], told["attempt"]["exam_title"]) == ("Anna Arm", "Geography")
    (move,) = told["moves"]
    assert (move["verb"], move["actor_name"], move["reason"]) == ("pause", "Somebody", "why pause")
    (incident,) = told["incident_list"]
    assert (incident["severity"], incident["ruling"], incident["acknowledged_by_name"]) == (
        "critical",
        "",
        "",
    )


async def test_the_clock_tells_stops_and_extra_time(house: House) -> None:
    admin, student = await house.person(Role.ADMIN), await named(house, "Anna")
    start = house.clock()
    attempt_id = await sitting(
        house,
        student,
        phase="in_progress",
        started_at=start,
        deadline_at=start + timedelta(minutes=60 + 6 + 9),
    )
    await moved(
        house,
        attempt_id,
        ("pause", 1),
        ("terminate", 2),
        ("reactivate", 5),
        ("extend", 6),
        ("pause", 10),
        ("resume", 12),
        ("pause", 20),
    )

    clock = (await record(house, admin, attempt_id))["clock"]

    assert (clock["duration"], clock["stopped"], clock["extra"]) == ("PT1H", "PT6M", "PT9M")
    assert (clock["extensions"], [stop["verb"] for stop in clock["stops"]]) == (1, ["pause"] * 3)
    assert clock["stops"][2]["until"] is None


async def test_keeping_tells_what_goes_when_and_what_went(house: House) -> None:
    admin, student = await house.person(Role.ADMIN), await named(house, "Anna")
    running = await sitting(house, student, phase="in_progress", started_at=house.clock())
    ended = house.clock()
    over = await sitting(house, student, phase="cancelled", updated_at=ended)

    before = (await record(house, admin, running))["keeping"]
    kept = (await record(house, admin, over))["keeping"]
    deleted = {"at": ended.isoformat(), "deleted": [{"data_class": "media", "rows": 2, "objects": 7}]}
    await house.context.store.put(f"{archive_folder(over, ended)}/receipt.json", json.dumps(deleted).encode())
    gone = (await record(house, admin, over))["keeping"]

    assert (before["over_at"], {one["delete_at"] for one in before["classes"]}) == (None, {None})
    assert [one["data_class"] for one in kept["classes"]] == ["media", "features", "decision_log"]
    assert all(one["delete_at"] > kept["over_at"] and not one["is_deleted"] for one in kept["classes"])
    assert gone["receipt_at"] is not None
    assert [(one["is_deleted"], one["rows"], one["objects"]) for one in gone["classes"]] == [
        (True, 2, 7),
        (False, 0, 0),
        (False, 0, 0),
    ]


async def test_reviews_marks_and_holds_are_for_admins(house: House) -> None:
    admin, proctor = await house.person(Role.ADMIN), await house.person(Role.PROCTOR)
    attempt_id = await sitting(house, await named(house, "Anna"), phase="submitted")
    await judged(house, attempt_id, admin.person_id)

    told, less = await record(house, admin, attempt_id), await record(house, proctor, attempt_id)

    assert [(one["kind"], one["decided_by_name"]) for one in told["reviews"]] == [("essay", "Somebody")]
    assert [(one["round_number"], one["earned"]) for one in told["marks"]] == [(1, "3")]
    assert told["holds"] == []
    assert (less["reviews"], less["marks"], less["holds"]) == (None, None, None)


async def judged(house: House, attempt_id: UUID, by: UUID) -> None:
    now = house.clock()
    async with house.context.databases.corrections.write() as session:
        session.add(
            ReviewRow(
                review_id=new_id(),
                attempt_id=attempt_id,
                exam_id=new_id(),
                organisation_id=new_id(),
                kind="essay",
                subject="q",
                round_number=1,
                stage="decided",
                excluded=[],
                opened_at=now,
                remind_at=now,
                escalate_at=now,
                decided_by=by,
                decided_at=now,
                outcome="marked",
                version=2,
            )
        )
        session.add(
            MarkingRound(
                attempt_id=attempt_id, round_number=1, earned=Decimal(3), points=Decimal(5), created_at=now
            )
        )


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.STUDENT, 403), (Role.GRADER, 403), (Role.REVIEWER, 403), (Role.AUTHOR, 403), (Role.PROCTOR, 200)],
)
async def test_who_may_read_it(house: House, role: Role, status: int) -> None:
    attempt_id = await sitting(house, await house.person(Role.STUDENT))

    answer = await house.client.get(
        f"{ATTEMPTS}/{attempt_id}/record", headers=(await house.person(role)).headers
    )

    assert answer.status_code == status


async def test_not_ones_own_and_not_elsewhere(house: House) -> None:
    both = await house.person(Role.STUDENT, Role.ADMIN)
    attempt_id = await sitting(house, both)
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())
    path = f"{ATTEMPTS}/{attempt_id}/record"

    own = await house.client.get(path, headers=both.headers)
    elsewhere = await house.client.get(path, headers=stranger.headers)

    assert (own.status_code, elsewhere.status_code) == (403, 404)


async def test_it_tells_how_much_was_watched_now_or_as_it_was_measured(house: House) -> None:
    admin, student = await house.person(Role.ADMIN), await named(house, "Anna Arm", "s-1")
    clock = ExamClock(allowed=timedelta(hours=1), started_at=house.clock() - timedelta(minutes=10))
    began: dict[str, Any] = {"clock": clock.model_dump(mode="json"), "started_at": clock.started_at}
    writing = await sitting(house, student, phase="in_progress", **began)
    other = await named(house, "Bert Bein", "s-2")
    final = WatchCoverage(due=600, sent=570, analysed=570, percent=95, minimum=90, is_short=False)
    done = await sitting(house, other, phase="submitted", coverage=final.model_dump(mode="json"), **began)

    now, measured = await record(house, admin, writing), await record(house, admin, done)

    assert (now["coverage"]["percent"], now["coverage"]["is_short"]) == (0, True)
    assert [one["cause"] for one in now["coverage"]["missing"]] == ["never_streamed"]
    assert measured["coverage"] == final.model_dump(mode="json")
