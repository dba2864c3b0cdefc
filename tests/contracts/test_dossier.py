"""What every DossierSource, TitleSource and ObjectIndex does, in memory and over the databases."""

import dataclasses
from collections.abc import Awaitable, Callable

import pytest

from activities.adapters.memory.dossier_source import MemoryDossierSource
from activities.adapters.memory.object_index import MemoryObjectIndex
from activities.adapters.memory.title_source import MemoryTitleSource
from activities.adapters.sql.dossier import SqlDossierSource
from activities.adapters.sql.object_index import SqlObjectIndex
from activities.adapters.sql.title import SqlTitleSource
from activities.ports import DossierSource, TitleSource
from schema.db.session import Databases
from schema.dossier import Dossier
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.retention import DataClass
from tests.report import rows
from tests.report.builder import never_sat, sat

Sources = tuple[DossierSource, TitleSource, Callable[[Dossier], Awaitable[None]]]


def in_memory() -> Sources:
    dossiers, titles = MemoryDossierSource(), MemoryTitleSource()

    async def add(dossier: Dossier) -> None:
        dossiers.add(dossier)
        titles.add(dossier.exam_id, dossier.exam_title)
        titles.sit(dossier.attempt_id, dossier.student_id)

    return dossiers, titles, add


@pytest.fixture(params=["memory", "sql"])
def sources(request: pytest.FixtureRequest) -> Sources:
    if request.param == "memory":
        return in_memory()
    databases: Databases = request.getfixturevalue("databases")

    async def add(dossier: Dossier) -> None:
        await rows.write(databases, dossier)

    return SqlDossierSource(databases), SqlTitleSource(databases.reservations), add


@pytest.mark.parametrize("build", [sat, never_sat])
async def test_a_dossier_is_read_whole(sources: Sources, build: Callable[[], Dossier]) -> None:
    source, _, add = sources
    dossier = build()
    await add(dossier)
    await add(build())  # somebody else's, which must not mix in

    assert await source.dossier(dossier.attempt_id) == dossier


async def test_whose_attempt_it_is(sources: Sources) -> None:
    _, titles, add = sources
    dossier = sat()
    await add(dossier)

    assert await titles.student_of(dossier.attempt_id) == dossier.student_id
    assert await titles.student_of(new_id()) is None


async def test_holds_can_be_read_alone_the_oldest_first(sources: Sources) -> None:
    source, _, add = sources
    dossier = sat()
    await add(dossier)

    assert [hold.reason for hold in dossier.holds] == ["A claim is announced", "It came after all"]
    assert await source.holds(dossier.attempt_id) == dossier.holds
    assert await source.holds(new_id()) == ()


async def test_an_attempt_that_never_was_is_not_found(sources: Sources) -> None:
    source, _, _ = sources

    with pytest.raises(Failure) as raised:
        await source.dossier(new_id())

    assert raised.value.type is FailureType.NOT_FOUND


async def test_an_exam_is_called_by_its_title(sources: Sources) -> None:
    _, titles, add = sources
    dossier = sat()
    await add(dossier)

    assert await titles.exam_title(dossier.exam_id) == "Biology & <life>"


async def test_an_exam_that_never_was_is_not_found(sources: Sources) -> None:
    _, titles, _ = sources

    with pytest.raises(Failure) as raised:
        await titles.exam_title(new_id())

    assert raised.value.type is FailureType.NOT_FOUND


async def test_folders_of_an_attempt_are_known_by_class(databases: Databases) -> None:
    dossier = sat()
    attempt_id = dossier.attempt_id
    memory = MemoryObjectIndex()
    await rows.write(
        databases, dataclasses.replace(dossier, identity_photo=f"raw/identity/{attempt_id}/photo.jpg")
    )
    expected = [
        f"raw/identity/{attempt_id}",
        f"raw/recordings/{dossier.exam_id}/{attempt_id}",
        f"quarantine/frames/{attempt_id}",
    ]
    for folder in expected:
        memory.add(attempt_id, DataClass.MEDIA, folder)

    for index in (memory, SqlObjectIndex(databases)):
        assert list(await index.folders(attempt_id, DataClass.MEDIA)) == expected
        assert list(await index.folders(attempt_id, DataClass.FEATURES)) == []
        assert list(await index.folders(new_id(), DataClass.MEDIA)) == []
