"""One act on several students from the wall, by keyboard, and each acknowledgement seen."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from activities.adapters.sql.operation_book import SqlOperationBook
from api.demo.person import Person
from schema.cohort import Acknowledged, Acknowledgement, CohortVerb, Operation
from schema.db.session import Databases
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.lifecycle import Actor
from schema.machine import ActorRole
from tests.api.picture import jpeg
from tests.e2e.browser import watched
from tests.e2e.keyboard import press, sign_in, tab_to, write
from tests.e2e.stage import API, Stage

pytestmark = pytest.mark.asyncio(loop_scope="package")

NAMES = ("Ines Pereira", "Tom Okafor")
NOBODY_STARTS_IT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody who sits the exam over the interface."""

    person: Person
    attempt_id: str

    async def do(self, command: str) -> dict[str, Any]:
        return dict(await self.person.post(f"{API}/attempts/{self.attempt_id}/{command}", {}))

    async def attempt(self) -> dict[str, Any]:
        shown = await self.person.get(f"{API}/attempts/{self.attempt_id}", live="true")
        return dict(shown["live"])


async def waiting(stage: Stage, name: str, exam_id: str, slot_id: str) -> Student:
    """Checked in, and waits to be let in."""
    person = await stage.registered(name, f"{name.split(maxsplit=1)[0].lower()}@many.example")
    attempt = await person.post(f"{API}/attempts", {"exam_id": exam_id, "slot_id": slot_id})
    student = Student(person, str(attempt["attempt_id"]))
    await student.do("confirm")
    await student.do("check-in")
    path = f"{API}/attempts/{student.attempt_id}/check-in"
    for step in ("browser", "camera", "consent"):
        await person.post(f"{path}/steps", {"step": step})
    await person.post(f"{path}/identity-photo", content=jpeg(), headers={"Content-Type": "image/jpeg"})
    return student


async def act(wall: Page, name: str, **fields: str) -> None:
    """Do it to all who are chosen, and see each of them acknowledge."""
    bar = wall.get_by_role("region", name="Several students")
    await press(wall, bar.get_by_role("button", name=name, exact=True))
    dialog: Locator = wall.get_by_role("dialog")
    for label, value in fields.items():
        await write(wall, dialog.get_by_label(label), value)
    await press(wall, dialog.get_by_role("button", name=name, exact=True))
    await expect(dialog.get_by_text("2 of 2 have acknowledged.")).to_be_visible(timeout=30_000)
    for student in NAMES:
        await expect(dialog.get_by_role("listitem").filter(has_text=student)).to_contain_text("Done")
    await press(wall, dialog.get_by_role("button", name="Close"))


async def under_way(stage: Stage, wall: Page, exam_id: str, attempts: list[str]) -> None:
    """What was asked before a reload, or by a colleague, is followed to its end."""
    databases = Databases.open(stage.product.settings.database_url_of)
    # Asked a little later than now, so that no worker takes it for one that was written and never started.
    book = SqlOperationBook(databases.reservations, lambda: datetime.now(UTC) + NOBODY_STARTS_IT)
    asked = Operation(
        operation_id=new_id(),
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=UUID(exam_id),
        verb=CohortVerb.RESUME,
        actor=Actor(role=ActorRole.PROCTOR, person_id=new_id()),
    )
    await book.open(asked, [UUID(attempt) for attempt in attempts])
    await wall.reload()
    chip = wall.get_by_role("button", name="Let go on: 0 of 2 have acknowledged.")
    await expect(chip).to_be_visible(timeout=20_000)
    for attempt, state in zip(attempts, (Acknowledgement.DONE, Acknowledgement.UNANSWERED), strict=True):
        await book.acknowledge(
            Acknowledged(operation_id=asked.operation_id, attempt_id=UUID(attempt), state=state)
        )
    over = wall.get_by_role("button", name="Let go on: 1 of 2 have acknowledged, 1 has not.")
    await press(wall, over)
    await expect(wall.get_by_role("dialog").get_by_text("No answer.")).to_be_visible()
    await book.finish(asked.operation_id)
    await databases.close()


async def test_a_proctor_acts_on_two_at_once_and_sees_both_acknowledge(
    stage: Stage, browser: Browser
) -> None:
    exam_id = await stage.exam("Exam of many")
    slot_id = await stage.slot_of(exam_id)
    both = await asyncio.gather(*(waiting(stage, name, exam_id, slot_id) for name in NAMES))
    async with watched(browser, stage.server) as proctor:
        wall = await proctor.page(f"/wall/{slot_id}")
        await sign_in(wall, "proctor@demo.example")

        await press(wall, wall.get_by_role("button", name="Select all 2 who wait"))
        await act(wall, "Let in")
        begun = [await student.do("start") for student in both]
        await press(wall, wall.get_by_role("button", name="Select nobody"))
        tiles = wall.get_by_role("list", name="Students")
        await expect(tiles.get_by_text("Writing")).to_have_count(2, timeout=20_000)

        await tab_to(wall, tiles.get_by_role("button").first)
        for key in ("x", "ArrowRight", "x"):
            await wall.keyboard.press(key)
        await expect(wall.get_by_text("2 selected")).to_be_visible()
        await act(wall, "Give time", Minutes="7", Reason="The network of the building failed")
        await act(wall, "Pause", Reason="Fire alarm")
        given = [await student.attempt() for student in both]

        await expect(tiles.get_by_text("Paused")).to_have_count(2, timeout=20_000)
        await expect(wall.get_by_role("button", name="Pause: 2 of 2 have acknowledged.")).to_be_visible()
        await under_way(stage, wall, exam_id, [student.attempt_id for student in both])
    moves = await stage.people["proctor"].get(f"{API}/attempts/{both[0].attempt_id}/moves", limit=100)
    extended = next(move for move in moves["items"] if move["verb"] == "extend")
    assert [one["phase"] for one in given] == ["paused", "paused"]
    assert extended["reason"] == "The network of the building failed"
    assert [
        one["clock_version"] - early["clock_version"] for early, one in zip(begun, given, strict=True)
    ] == [2, 2]
    for student in both:
        await student.person.leave()
