"""What the doctor says of workflows that are not as their rows say."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from activities.adapters.sql.orphan_book import SqlOrphanBook
from activities.orphan.port import Orphan
from schema.db.migrate import migrate
from schema.db.session import Databases
from schema.ids import new_id
from schema.orphan import Trouble
from schema.queue import WorkflowType
from schema.settings import Settings
from workers.doctor.finding import State
from workers.doctor.orphan import check


async def test_the_doctor_names_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    settings, now, attempt_id = Settings(_env_file=None, var_dir=tmp_path), datetime.now(UTC), new_id()
    await asyncio.to_thread(migrate, settings.database_url_of)
    (before,) = await check(settings)
    databases = Databases.open(settings.database_url_of)
    await SqlOrphanBook(databases.reservations).report(
        [
            Orphan(f"attempt:{attempt_id}", WorkflowType.ATTEMPT, Trouble.OVERDUE, attempt_id, now),
            Orphan("cohort:1:2", WorkflowType.COHORT, Trouble.GONE, None, now),
        ],
        now,
    )
    await databases.close()

    (finding,) = await check(settings)

    assert before.state is State.GOOD
    assert before.said == "every open attempt, review, retention and operation has its workflow"
    assert finding.state is State.BAD
    assert "1 AttemptWorkflow overdue, 1 CohortWorkflow gone" in finding.said
    assert "`python -m workers repair`" in finding.advice
