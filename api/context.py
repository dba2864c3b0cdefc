"""What every request may use: settings, databases, Temporal, the store, the time, and what the parts keep."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar, cast
from uuid import UUID

from fastapi import Depends
from prometheus_client import CollectorRegistry
from starlette.requests import HTTPConnection
from temporalio.client import Client

from activities.ports import MailBook, ObjectStore
from api.limit import RateLimiter
from api.password import Passwords
from api.throttle import Throttle
from api.token import AccessTokens
from schema.db.session import Databases
from schema.settings import Settings

T = TypeVar("T")

PACE = timedelta(milliseconds=400)  # longer than any work that depends on whether somebody has an account


def utc_now() -> datetime:
    """The time of this machine, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """Made once per application by its lifespan.

    `pace` is how long answers take that must not tell who has an account; tests shorten it and replace `clock`.
    """

    settings: Settings
    databases: Databases
    temporal: Client
    store: ObjectStore
    mails: MailBook
    tokens: AccessTokens
    passwords: Passwords
    limits: RateLimiter
    throttle: Throttle
    metrics: CollectorRegistry
    clock: Callable[[], datetime] = utc_now
    pace: timedelta = PACE
    refreshers: list[Callable[[], Awaitable[None]]] = field(
        default_factory=list
    )  # run before counters are shown
    looks: set[UUID] = field(
        default_factory=set
    )  # at what is confidential, as far as this process has written them
    _kept: dict[type, object] = field(default_factory=dict)

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return self.clock()

    def keep(self, kind: type[T], thing: T) -> None:
        """Let a part's lifespan hand a resource to its routes."""
        self._kept[kind] = thing

    def kept(self, kind: type[T]) -> T:
        """What a part's lifespan has handed over. Raises KeyError when that part does not run here."""
        return cast(T, self._kept[kind])


def context_of(connection: HTTPConnection) -> Context:
    """The context of the application that serves this request or WebSocket."""
    return cast(Context, connection.app.state.context)


ContextOf = Annotated[Context, Depends(context_of)]
