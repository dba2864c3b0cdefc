"""A worker process that dies at one place: `python -m tests.product.crashing_worker commit|delivered|relay|mail`.

`commit`: an incident is in the database and its signal is not sent. `delivered`: it is sent and not forgotten.
`relay`: events are published and not marked. `mail`: a mail is sent and not marked.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import NoReturn
from uuid import UUID

from temporalio.worker import Worker

from activities.adapters.lake import LakeSink
from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from activities.adapters.sql.directory import SqlDirectory
from activities.adapters.sql.mail_book import SqlMailBook
from activities.adapters.sql.outbox import SqlOutbox, outboxes_of
from activities.adapters.template.writer import TemplateWriter
from activities.adapters.temporal import TemporalSignaller
from activities.adapters.timeline import TimelineSink
from activities.courier import Courier
from activities.failure import FailureInterceptor
from activities.mail_loop import MailLoop
from activities.ports import Lease, MailSender
from activities.relay import Relay
from activities.watch import WatchActivities
from schema.analysis import Analysis, ChangeKind
from schema.coverage.account import CoverageAccount
from schema.events import Envelope
from schema.queue import Queue
from schema.settings import Settings
from schema.task import WatchTask
from workers.build import mail_domain
from workers.equipment import Equipment, equipment, mail_sender
from workers.registry.equipment import watchers


def die() -> NoReturn:
    """At once: nothing is closed, nobody is told."""
    os._exit(137)


class DiesAfterCommit(SqlCheckpointBook):
    """Between commit and signal."""

    async def commit(
        self, lease: Lease, task: WatchTask, analysis: Analysis, account: CoverageAccount | None = None
    ) -> Lease:
        """Die once an incident is written."""
        after = await super().commit(lease, task, analysis, account)
        if any(change.change is ChangeKind.OPENED for change in analysis.changes):
            die()
        return after


class DiesAfterSignal(SqlCheckpointBook):
    """Between signal and forgetting that it was owed."""

    async def delivered(self, signal_ids: Sequence[UUID]) -> None:
        """Die instead."""
        die()


class DiesAfterPublishing:
    """An Outbox whose events are published and not marked."""

    def __init__(self, outbox: SqlOutbox) -> None:
        self._outbox = outbox
        self.source = outbox.source

    async def unpublished(self, limit: int) -> Sequence[Envelope]:
        """As the real one."""
        return await self._outbox.unpublished(limit)

    async def mark_published(self, event_ids: Sequence[UUID], at: datetime) -> None:
        """Die instead."""
        die()

    async def forget_published(self, before: datetime) -> int:
        """As the real one."""
        return await self._outbox.forget_published(before)


class HastySender:
    """The real one with a short limit: whoever comes next need not wait long for the claim to run out."""

    send_limit = timedelta(seconds=2)

    def __init__(self, sender: MailSender) -> None:
        self.send = sender.send


class DiesAfterSending(SqlMailBook):
    """Between sending a mail and remembering it."""

    async def sent(self, mail_id: UUID) -> None:
        """Die instead."""
        die()


async def watch(tools: Equipment, checkpoints: SqlCheckpointBook) -> None:
    """Serve the queue of detection."""
    settings = tools.settings
    watching = WatchActivities(
        tools.feed,
        checkpoints,
        watchers(settings, tools.store),
        TemporalSignaller(tools.client),
        ThreadPoolExecutor(max_workers=1),
        "crashing",
    )
    await Worker(
        tools.client,
        task_queue=Queue.ML,
        activities=[watching.watch_attempt],
        interceptors=[FailureInterceptor()],
    ).run()


async def watch_until_commit(tools: Equipment) -> None:
    await watch(tools, DiesAfterCommit(tools.databases.monitoring))


async def watch_until_signal(tools: Equipment) -> None:
    await watch(tools, DiesAfterSignal(tools.databases.monitoring))


async def relay(tools: Equipment) -> None:
    outboxes = [DiesAfterPublishing(outbox) for outbox in outboxes_of(tools.databases)]
    sinks = (LakeSink(tools.settings.lake_dir), TimelineSink(tools.databases.analytics))
    await Relay(outboxes, sinks, lambda: datetime.now(UTC)).run(asyncio.Event())


async def mail(tools: Equipment) -> None:
    settings, bases = tools.settings, tools.databases
    mails = DiesAfterSending(bases.notifications, mail_domain(settings))
    writer = TemplateWriter(settings.mail_from, settings.public_url)
    courier = Courier(mails, writer, HastySender(mail_sender(settings)))
    await MailLoop(SqlDirectory(bases.users), mails, courier).run()


PLACES: dict[str, Callable[[Equipment], Awaitable[None]]] = {
    "commit": watch_until_commit,
    "delivered": watch_until_signal,
    "relay": relay,
    "mail": mail,
}


async def main(place: str) -> None:
    """Work until the place is reached."""
    async with equipment(Settings()) as tools:
        await PLACES[place](tools)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
