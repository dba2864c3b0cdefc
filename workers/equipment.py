"""What a worker process works with: databases, store, Temporal, the internal feed; opened once, closed in order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from temporalio.client import Client

from activities.adapters.eml import EmlSender
from activities.adapters.feed import HttpRecordFeed
from activities.adapters.sent_mail import FileMailLog, StoreMailLog
from activities.adapters.smtp import SmtpSender
from activities.adapters.store import open_store
from activities.ports import MailSender, ObjectStore, RecordFeed
from schema.db.session import Databases
from schema.settings import Settings
from workers.connection import connect

FEED_TIMEOUT_SECONDS = 30.0  # longer than the feed's own long poll


@dataclass(frozen=True, slots=True)
class Equipment:
    """Shared by all workers of one process."""

    settings: Settings
    client: Client
    databases: Databases
    store: ObjectStore
    feed: RecordFeed
    internal: httpx.AsyncClient
    mail_log: FileMailLog | StoreMailLog | None = None


@asynccontextmanager
async def equipment(settings: Settings) -> AsyncIterator[Equipment]:
    """Open what the settings name. Raises RuntimeError when Temporal cannot be reached."""
    databases = Databases.open(settings.database_url_of)
    token = settings.internal_token.get_secret_value()
    internal = httpx.AsyncClient(
        base_url=settings.internal_api_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=FEED_TIMEOUT_SECONDS,
        limits=httpx.Limits(max_connections=settings.ml_capacity + 20),
        trust_env=False,
    )
    try:
        client = await connect(settings, for_worker=True)
        store = open_store(settings)
        yield Equipment(
            settings, client, databases, store, HttpRecordFeed(internal), internal, mail_log(settings, store)
        )
    finally:
        await internal.aclose()
        await databases.close()


def mail_log(settings: Settings, store: ObjectStore) -> FileMailLog | StoreMailLog:
    """Which mails were sent, in the lake."""
    return FileMailLog(settings.lake_dir) if settings.use_local_storage else StoreMailLog(store)


def mail_sender(settings: Settings) -> MailSender:
    """The mail server of the settings, or files where senders are mocked."""
    if settings.use_mock_senders:
        return EmlSender(settings.outbox_dir)
    return SmtpSender(
        settings.smtp_host,
        settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        tls=settings.smtp_tls,
    )
