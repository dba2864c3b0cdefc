"""What the doctor says of workflows that are not as their rows say."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from activities.adapters.sql.mail_book import SqlMailBook
from activities.adapters.sql.mail_pause import SqlMailPauses
from activities.adapters.sql.orphan_book import SqlOrphanBook
from activities.orphan.port import Orphan
from activities.ports import Pause
from schema.db.migrate import migrate
from schema.db.session import Databases
from schema.ids import new_id
from schema.orphan import Trouble
from schema.queue import WorkflowType
from schema.settings import Settings
from workers.doctor.finding import State
from workers.doctor.mail import check_restored
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


async def test_the_doctor_says_that_mails_stand_still_since_a_restore(tmp_path: Path) -> None:
    settings, now = Settings(_env_file=None, var_dir=tmp_path), datetime.now(UTC)
    (unmigrated,) = await check_restored(settings)
    await asyncio.to_thread(migrate, settings.database_url_of)
    (before,) = await check_restored(settings)
    databases = Databases.open(settings.database_url_of)
    pauses = SqlMailPauses(databases.notifications)
    await pauses.pause(Pause(now, is_log_whole=False))
    await SqlMailBook(databases.notifications).enlist(new_id(), "x:1", "reset_password", {})
    (paused,) = await check_restored(settings)
    await pauses.resume(hold=True)
    await databases.close()
    (held,) = await check_restored(settings)

    states = [finding.state for finding in (unmigrated, before, paused, held)]
    assert states == [State.OFF, State.GOOD, State.BAD, State.DOUBT]
    assert "no mail is sent since the restore" in paused.said
    assert "`python -m workers repair`" in paused.advice
    assert held.said.startswith("1 mails are held")
    assert "held-mails" in held.advice
