"""What `python -m workers repair` says and does, and what the audit log holds of it."""

from uuid import UUID

import pytest
from sqlalchemy import select
from temporalio.client import Client

from activities.adapters.now import utc_now
from activities.adapters.sql.mail_book import SqlMailBook
from activities.adapters.sql.mail_pause import SqlMailPauses
from activities.ports import Pause
from schema.db.session import Databases
from schema.db.tables.users import JournalEntry
from schema.ids import attempt_workflow_id, new_id
from schema.role import Role
from schema.settings import Settings
from tests.api.house import House
from tests.api.test_attempt_flow import done, reserved
from tests.api.test_orphan import terminate
from workers.repair import run_repair
from workers.restore.resumption import Resumption

pytestmark = pytest.mark.temporal


@pytest.fixture
def reachable(settings: Settings, temporal: Client) -> Settings:
    """The settings under which a command finds the server of the test."""
    address = temporal.service_client.config.target_host
    return settings.model_copy(update={"temporal_address": address, "temporal_namespace": temporal.namespace})


async def test_it_says_what_was_wrong_and_what_was_done(
    live: House, temporal: Client, reachable: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    student = await live.person(Role.STUDENT)
    attempt_id = await reserved(live, student)
    workflow_id = attempt_workflow_id(UUID(attempt_id))
    await terminate(temporal, workflow_id)

    looked = await run_repair(reachable, is_dry=True)
    dry = capsys.readouterr().out
    left = await run_repair(reachable, is_dry=False)
    wet = capsys.readouterr().out
    view = await done(live, student, attempt_id, "confirm")

    assert (looked, left) == (1, 0)
    assert dry.splitlines()[0] == f"{workflow_id}: gone"
    assert "1 workflows are not as their rows say." in dry
    assert f"{workflow_id}: gone - started again from what was written (held as of version" in wet
    assert wet.splitlines()[-1] == (
        "Every open attempt, review, retention and operation agrees with its workflow."
    )
    assert view["phase"] == "reserved"
    async with live.context.databases.users.read() as session:
        (act,) = await session.scalars(select(JournalEntry).where(JournalEntry.kind == "workflow_repaired"))
    assert (act.subject, act.subject_id, act.actor_id) == ("attempt", UUID(attempt_id), None)
    assert act.after["workflow"] == workflow_id
    assert act.after["operator"]
    assert act.after["outcome"].startswith("gone: started again")


@pytest.mark.parametrize(
    ("is_log_whole", "says"),
    [
        (True, "Mails are sent again. 1 that waited had not been sent, and are sent now."),
        (False, "1 mails are held: nothing that is left says whether they had been sent."),
    ],
)
async def test_it_ends_the_pause_of_mails(
    live: House,
    databases: Databases,
    reachable: Settings,
    capsys: pytest.CaptureFixture[str],
    is_log_whole: bool,
    says: str,
) -> None:
    student, pauses = await live.person(Role.STUDENT), SqlMailPauses(databases.notifications)
    mails, now = SqlMailBook(databases.notifications), live.clock()
    await pauses.pause(Pause(now, is_log_whole=is_log_whole))
    mail = await mails.enlist(student.person_id, f"{new_id()}", "reset_password", {})

    await run_repair(reachable, is_dry=True)
    dry = capsys.readouterr().out
    await run_repair(reachable, is_dry=False)

    assert "No mail is sent since the restore of" in dry
    assert says in capsys.readouterr().out
    assert await pauses.paused() is None
    assert await mails.may_send(mail.mail_id) is is_log_whole


async def test_what_cannot_be_repaired_does_not_pause_mails_for_ever(databases: Databases) -> None:
    pauses, mails = SqlMailPauses(databases.notifications), SqlMailBook(databases.notifications)
    await pauses.pause(Pause(utc_now(), is_log_whole=True))
    mail = await mails.enlist(new_id(), "x:1", "reset_password", {})
    resumption = Resumption(databases.notifications, Unneeded())

    (said, hint) = await resumption.report(is_dry=False, is_settled=False)
    still = await pauses.paused()
    resumed = await resumption.report(is_dry=False, is_settled=False, may_hold=True)

    assert "No mail is sent since the restore of" in said
    assert "--resume-mails" in hint
    assert still is not None
    assert await pauses.paused() is None
    assert resumed[-1].startswith("1 mails are held")
    assert not await mails.may_send(mail.mail_id)


class Unneeded:
    """Implements Recovery; no history is asked where not all of them agree."""

    async def recover(self, attempt_id: UUID) -> int:
        raise AssertionError(attempt_id)
