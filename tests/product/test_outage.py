"""50 seeded outages over 40 attempts: to the second each gets back what was recorded as owed, and a report says so."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from api.demo.camera import Camera
from api.demo.mailbox import SmtpMailbox
from api.demo.person import Person
from api.demo.story import command, until
from schema.db.session import Databases
from tests.product.arrange import AUTOMATIC, begun_by
from tests.product.house import House, Say
from tests.product.outage import Outages, seeded
from tests.product.product import API, WORKERS, running_product
from tests.product.script import Script

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(1_500)]

SEED = int(os.environ.get("OUTAGE_SEED", "20261128"))
ATTEMPTS, COUNT, DEAR = 40, 50, 8
EVERY, TOLERANCE = timedelta(milliseconds=200), timedelta(milliseconds=800)
SECOND = timedelta(seconds=1)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def fast(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A product whose outages are short: it marks its service often, and tolerates little silence."""
    mailbox = SmtpMailbox()
    measured = {"service_mark_every": EVERY, "outage_tolerance": TOLERANCE, "ml_processes": 0}
    settings: dict[str, Any] = {"use_mock_senders": False, "smtp_port": mailbox.port, **measured}
    folder = tmp_path_factory.mktemp("outages")
    async with running_product(folder, parts=(API, *WORKERS[:2]), **settings) as product:
        databases = Databases.open(product.settings.database_url_of)
        house = House(product, databases, mailbox)
        await house.engage()
        try:
            yield house
        finally:
            await house.leave()
            await databases.close()
    mailbox.close()


async def test_each_deadline_is_start_duration_and_what_was_owed(fast: House, say: Say) -> None:
    random = Random(SEED)
    exam_id = await fast.exam({**AUTOMATIC, "duration": "PT60M"})
    students = await begun_by(fast, exam_id, ATTEMPTS)
    plan = seeded(Outages(fast.product), random, COUNT, DEAR)

    for name, length, (_, strike) in plan:
        await strike(length)
        await until_served(fast, f"service after {name}")
    await until(lambda: is_given_back(fast, exam_id, ATTEMPTS), "what is owed", within=300)

    report = await report_of(fast, exam_id)
    assert {one["attempt_id"] for one in report["attempts"]} == set(students)
    for one in report["attempts"]:
        view = await fast.staff["admin"].get(f"/api/reservations/attempts/{one['attempt_id']}")
        owed = timedelta(seconds=one["added_seconds"])
        assert instant(view["deadline_at"]) == instant(view["started_at"]) + timedelta(hours=1) + owed
        assert one["added_seconds"] == one["lost_seconds"] == sum(s["added_seconds"] for s in one["silences"])
        assert is_apart(one["silences"]), "nothing is given back twice"
    assert report["added_seconds"] == sum(one["added_seconds"] for one in report["attempts"])
    struck = sum(length for _, length, _ in plan)
    least = min(one["added_seconds"] for one in report["attempts"])
    assert least >= struck
    say(
        f"outages: seed {SEED}, {COUNT} outages of {struck:.0f} s over {ATTEMPTS} attempts: each got {least} s or more"
    )


async def test_everything_down_across_a_deadline_hands_nothing_in(fast: House, say: Say) -> None:
    exam_id = await fast.exam({**AUTOMATIC, "duration": "PT25S", "shuffle_questions": False})
    (attempt_id, student), *_ = (await begun_by(fast, exam_id, 1)).items()
    before = await student.get(f"/api/reservations/attempts/{attempt_id}")
    script = await Script.open(student, attempt_id)
    deadline = instant(before["deadline_at"])

    await fast.product.down(*WORKERS[:2])
    await until(lambda: has_passed(deadline + 4 * SECOND), "the deadline and the grace after it", within=60)
    late = await script.save(0)
    await fast.product.down(API, "temporal")
    await fast.product.revive("temporal", API, *WORKERS[:2])
    await until(lambda: deadline_moved(student, attempt_id, deadline), "the time given back", within=300)

    view = await student.get(f"/api/reservations/attempts/{attempt_id}")
    answers = await student.get(f"/api/corrections/attempts/{attempt_id}/answers")
    report = await report_of(fast, exam_id)
    assert late.status_code == 202
    assert view["phase"] == "in_progress"
    assert instant(view["deadline_at"]) == deadline + timedelta(seconds=report["added_seconds"])
    assert [one["standing"] for one in answers["items"]] == ["counted"]
    said = await notices(student)
    assert any("get back what the platform took" in text for text in said), said
    assert (await script.save(1)).status_code == 200
    say(f"a deadline at {deadline:%T} moved by {report['added_seconds']} s")


async def test_an_outage_takes_no_seat_and_makes_nobody_absent(fast: House, say: Say) -> None:
    soon, grace = 30 * SECOND, 40 * SECOND
    policy = {**AUTOMATIC, "hold": "PT40S", "no_show_after": "PT40S", "check_in_opens": "PT0S"}
    exam_id = await fast.exam(policy)
    holder, comer = await fast.people(2)
    slot_id = await fast.slot(exam_id, seats=2, starts_in=soon)
    starts_at = datetime.now(UTC) + soon
    wanted = {"exam_id": exam_id, "slot_id": slot_id}
    coming = (await comer.post("/api/reservations/attempts", wanted))["attempt_id"]
    await command(comer, coming, "confirm")
    held = await holder.post("/api/reservations/attempts", wanted)

    await fast.product.down(*WORKERS[:2], API, "temporal")
    missed = max(instant(held["hold_until"]), starts_at + grace)
    await until(lambda: has_passed(missed + 2 * SECOND), "the hold and the time to come", within=200)
    await fast.product.revive("temporal", API, *WORKERS[:2])
    kept = await command(holder, held["attempt_id"], "confirm")
    came = await command(comer, coming, "check-in")

    waits = (await report_of(fast, exam_id))["waits"]
    added = {one["attempt_id"]: one["added_seconds"] for one in waits}
    assert (kept["phase"], came["phase"]) == ("reserved", "checking_in")
    assert min(added[held["attempt_id"]], added[coming]) > 0, waits
    await until(lambda: is_told(holder, "get back what the platform took"), "the holder's notice")
    await until(lambda: is_told(comer, "get back what the platform took"), "the other one's notice")
    say(
        f"an outage took nothing: a hold got {added[held['attempt_id']]} s, the time to come {added[coming]} s"
    )


async def test_a_students_own_disconnection_is_not_the_platforms(fast: House) -> None:
    exam_id = await fast.exam({**AUTOMATIC, "duration": "PT10M"})
    (attempt_id, student), *_ = (await begun_by(fast, exam_id, 1)).items()
    camera = Camera(student, attempt_id)
    camera.open()
    await until(lambda: presence_is(student, attempt_id, "online"), "the stream")
    before = await student.get(f"/api/reservations/attempts/{attempt_id}")

    await camera.close()
    await until(lambda: presence_is(student, attempt_id, "missing"), "the loss of the stream")
    await until_served(fast, "service meanwhile")
    after = await student.get(f"/api/reservations/attempts/{attempt_id}")

    assert after["deadline_at"] == before["deadline_at"]
    assert (await report_of(fast, exam_id))["attempts"] == []


async def test_one_node_of_two_takes_from_those_that_it_serves(fast: House, say: Say) -> None:
    exam_id = await fast.exam({**AUTOMATIC, "duration": "PT10M"})
    there, here, both = (await begun_by(fast, exam_id, 3)).items()
    second = await fast.product.start_node("node-2")
    there_too = Person(second.public_url, "", "").holding(there[1].token, there[1].person_id)
    by_turns = Person(second.public_url, "", "").holding(both[1].token, both[1].person_id)
    askers = ((there[0], there_too), (here[0], here[1]), (both[0], both[1]), (both[0], by_turns))
    try:
        for _ in range(5):  # as rooms do
            await asyncio.gather(*(ask(person, attempt_id) for attempt_id, person in askers))
            await until_served(fast, "marks of both nodes", nodes=7)

        await fast.product.down("node-2")
        dead_at = datetime.now(UTC)
        await until(lambda: has_passed(dead_at + 3 * SECOND), "some time without it")
        await asyncio.gather(ask(here[1], here[0]), ask(both[1], both[0]))
        fast.product.start("node-2")
        back = there_too.get(f"/api/corrections/attempts/{there[0]}/answers")
        await asyncio.wait_for(back, 90)
        await until(lambda: has_got_back(fast, exam_id, there[0], dead_at), "what one node took", within=300)
    finally:
        await fast.product.stop("node-2")
        for person in (there_too, by_turns):
            await person.leave()

    # A machine that is busy elsewhere stands still by itself and takes from all, but never for so long at once.
    assert not await has_got_back(fast, exam_id, here[0], dead_at)
    assert not await has_got_back(fast, exam_id, both[0], dead_at)
    say("one node of two: its time for its attempt, none of it for the others")


async def has_got_back(house: House, exam_id: str, attempt_id: str, moment: datetime) -> bool:
    """Whether an attempt was given back three whole seconds from a moment on."""
    silences = [
        silence
        for attempt in (await report_of(house, exam_id))["attempts"]
        for silence in attempt["silences"]
        if attempt["attempt_id"] == attempt_id and silence["state"] == "given"
    ]
    return any(
        instant(one["began_at"]) <= moment and moment + 3 * SECOND <= instant(one["ended_at"])
        for one in silences
    )


async def ask(student: Person, attempt_id: str) -> None:
    await student.get(f"/api/corrections/attempts/{attempt_id}/answers")


async def presence_is(student: Person, attempt_id: str, presence: str) -> bool:
    health = await student.get(f"/api/monitoring/attempts/{attempt_id}/presence")
    return bool(health["presence"] == presence)


async def report_of(house: House, exam_id: str) -> dict[str, Any]:
    report: dict[str, Any] = await house.staff["admin"].get(f"/api/analytics/exams/{exam_id}/outages")
    return report


async def until_served(house: House, what: str, nodes: int = 4) -> None:
    """Return once every part says that it serves, and has said so after now."""
    now = datetime.now(UTC)

    async def is_served() -> bool:
        state = (await house.staff["admin"].get("/api/analytics/system"))["service"]
        found = state["nodes"] if state else []
        return len(found) >= nodes and all(one["serves"] and instant(one["marked_at"]) > now for one in found)

    await until(is_served, what, within=300)


async def is_given_back(house: House, exam_id: str, attempts: int) -> bool:
    """So many attempts have lost time, and what they lost is settled."""
    report = await report_of(house, exam_id)
    silences = [one for attempt in report["attempts"] for one in attempt["silences"]]
    return len(report["attempts"]) == attempts and all(one["state"] == "given" for one in silences)


def is_apart(silences: list[dict[str, Any]]) -> bool:
    return all(instant(one["ended_at"]) <= instant(next_["began_at"]) for one, next_ in pairwise(silences))


async def deadline_moved(student: Person, attempt_id: str, before: datetime) -> bool:
    view = await student.get(f"/api/reservations/attempts/{attempt_id}")
    return view["deadline_at"] is not None and instant(view["deadline_at"]) > before


async def notices(student: Person) -> list[str]:
    found = await student.get("/api/notifications")
    return [one["text"] for one in found["items"]]


async def is_told(person: Person, words: str) -> bool:
    return any(words in text for text in await notices(person))


async def has_passed(moment: datetime) -> bool:
    return datetime.now(UTC) > moment


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
