"""What every DossierSource, TitleSource and ObjectIndex does, in memory and over the databases."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from activities.adapters.memory.dossier_source import MemoryDossierSource
from activities.adapters.memory.title_source import MemoryTitleSource
from activities.adapters.sql.dossier import SqlDossierSource
from activities.adapters.sql.title import SqlTitleSource
from activities.document import DossierSource, TitleSource
from schema.db.schemas import METADATA
from schema.db.session import Databases
from schema.dossier import Dossier
from schema.failures import Failure, FailureType
from schema.ids import new_id
from tests.report import rows
from tests.report.builder import never_sat, sat

Sources = tuple[DossierSource, TitleSource, Callable[[Dossier], Awaitable[None]]]


def in_memory() -> Sources:
    dossiers, titles = MemoryDossierSource(), MemoryTitleSource()

    async def add(dossier: Dossier) -> None:
        dossiers.add(dossier)
        titles.add(dossier.exam_id, dossier.exam_title)

    return dossiers, titles, add


@pytest.fixture(params=["memory", "sql"])
async def sources(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Sources]:
    if request.param == "memory":
        yield in_memory()
        return
    databases = Databases.open(lambda name: f"sqlite+aiosqlite:///{tmp_path / name}.sqlite3")
    for name, metadata in METADATA.items():
        async with getattr(databases, name).write() as session:
            await (await session.connection()).run_sync(metadata.create_all)

    async def add(dossier: Dossier) -> None:
        await rows.write(databases, dossier)

    yield SqlDossierSource(databases), SqlTitleSource(databases.reservations), add
    await databases.close()


@pytest.mark.parametrize("build", [sat, never_sat])
async def test_a_dossier_is_read_whole(sources: Sources, build: Callable[[], Dossier]) -> None:
    source, _, add = sources
    dossier = build()
    await add(dossier)
    await add(build())  # somebody else's, which must not mix in

    assert await source.dossier(dossier.attempt_id) == dossier


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
