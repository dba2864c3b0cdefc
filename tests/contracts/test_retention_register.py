"""RetentionRegister: which attempts are over, and what must be there of each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schema.attempt import Phase
from schema.db.session import Databases
from schema.ids import new_id
from schema.retention import DataClass
from tests.contracts.builder import NOON
from tests.contracts.register_place import (
    POLICY,
    MemoryRegisterPlace,
    RegisterPlace,
    SqlRegisterPlace,
    Story,
)
from tests.db.database import copy_of

REPORT = "archive/2026/11/a/report.pdf"


@pytest.fixture(params=["memory", "sqlite"])
async def place(
    request: pytest.FixtureRequest, tmp_path: Path, template: Path
) -> AsyncIterator[RegisterPlace]:
    if request.param == "memory":
        yield MemoryRegisterPlace()
        return
    databases = Databases.open(copy_of(template, tmp_path / "db"))
    yield SqlRegisterPlace(databases)
    await databases.close()


@pytest.mark.parametrize(
    "story",
    [
        Story(Phase.CANCELLED, is_over=True),
        Story(Phase.NO_SHOW, is_over=True, photo="raw/recordings/e/a/identity-1.jpg"),
        Story(Phase.SUBMITTED, is_over=True, has_begun=True, report=REPORT, segments=("raw/f/1", "raw/f/2")),
        Story(Phase.VOIDED, is_over=True, has_begun=True, report=REPORT, is_on_hold=True),
        Story(Phase.SUBMITTED, is_over=False, has_begun=True),  # still being marked
        Story(Phase.IN_PROGRESS, is_over=False, has_begun=True, segments=("raw/f/1",)),
        Story(Phase.RESERVED, is_over=False),
    ],
    ids=lambda story: f"{story.phase}-{'over' if story.is_over else 'open'}",
)
async def test_an_attempt_is_told_as_it_stands(place: RegisterPlace, story: Story) -> None:
    attempt_id = await place.add(story)

    (kept,) = [each async for each in place.register.attempts()]

    assert (kept.attempt_id, kept.policy, kept.is_on_hold) == (attempt_id, POLICY, story.is_on_hold)
    assert kept.over_at == (NOON if story.is_over else None)
    assert set(kept.media) == {*story.segments, *([story.photo] if story.photo else [])}
    assert kept.report == story.report


async def test_every_attempt_comes_once(place: RegisterPlace) -> None:
    added = {await place.add(Story(Phase.CANCELLED, is_over=True)) for _ in range(5)}

    found = [each.attempt_id async for each in place.register.attempts()]

    assert len(found) == 5
    assert set(found) == added


async def test_only_what_there_is_is_known(place: RegisterPlace) -> None:
    attempt_id = await place.add(Story(Phase.RESERVED, is_over=False))

    assert await place.register.knows(attempt_id)
    assert not await place.register.knows(new_id())


async def test_rows_are_counted_by_class(place: RegisterPlace) -> None:
    attempt_id = await place.add(Story(Phase.CANCELLED, is_over=True))
    await place.add_feature(attempt_id)

    assert await place.register.rows(attempt_id, DataClass.FEATURES) == 1
    assert await place.register.rows(attempt_id, DataClass.DECISION_LOG) == 0
    assert await place.register.rows(new_id(), DataClass.FEATURES) == 0
