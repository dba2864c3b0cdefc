"""What an operator's command did, written into the audit log."""

import getpass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from schema.db.journal import record
from schema.db.session import Database
from schema.ids import DEFAULT_ORGANISATION
from schema.journal import Act, ActKind, ActSubject


async def record_command(
    users: Database,
    kind: ActKind,
    after: dict[str, Any],
    subject: ActSubject = ActSubject.INSTALLATION,
    subject_id: UUID = DEFAULT_ORGANISATION,
) -> None:
    """Nobody is signed in at a command line: the account of the machine says who it was."""
    act = Act(
        at=datetime.now(UTC),
        actor_id=None,
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        after={"operator": operator(), **after},
    )
    await users.run(lambda session: record(session, act))


def operator() -> str:
    """The account of the machine under which this runs."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user needs no name
        return "nameless"
