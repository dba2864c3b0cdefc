"""The command that verifies the audit log: quiet about a whole chain, and 1 for one with a hole."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete
from typer.testing import CliRunner

from schema.db.journal import record
from schema.db.migrate import upgrade
from schema.db.session import Databases
from schema.db.tables.users import JournalEntry
from schema.ids import new_id
from schema.journal import Act, ActKind, ActSubject
from schema.settings import Settings
from workers.journal import app

NOW = datetime(2027, 1, 11, 9, 0, 0, 123456, tzinfo=UTC)


def an_act(number: int) -> Act:
    return Act(
        at=NOW,
        actor_id=None,
        kind=ActKind.DETAILS_CHANGED,
        subject=ActSubject.PERSON,
        subject_id=new_id(),
        before={"display_name": "Ädä"},
        after={"display_name": f"\N{GRINNING FACE} {number}", "roles": ["a", "b"], "cohort": None},
    )


async def written(settings: Settings, hole: int | None) -> None:
    databases = Databases.open(settings.database_url_of)
    for number in range(3):
        async with databases.users.write() as session:
            act = an_act(number)
            await record(session, act)
            await record(session, act)  # once more is nothing more
    if hole is not None:
        async with databases.users.write() as session:
            await session.execute(delete(JournalEntry).where(JournalEntry.number == hole))
    await databases.close()


@pytest.mark.parametrize(
    ("hole", "code", "said"), [(None, 0, "3 acts, whole"), (2, 1, "act 2"), (3, 1, "act 3")]
)
async def test_a_hole_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hole: int | None, code: int, said: str
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    settings = Settings(_env_file=None)
    upgrade("users", settings.database_url_of("users"))
    await written(settings, hole)

    done = await run_command()

    assert (done[0], said in done[1]) == (code, True), done[1]


async def run_command() -> tuple[int, str]:
    result = await asyncio.to_thread(CliRunner().invoke, app, [])
    return result.exit_code, result.output
