"""Builds the application: one process may serve all six parts or any of them."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from temporalio.client import Client

from activities.adapters.sql.mail_book import SqlMailBook
from activities.ports import ObjectStore
from api import codec, health, openapi, pages
from api.body import BodyGuard
from api.caller import caller_of
from api.context import PACE, Context, utc_now
from api.edge import Edge
from api.errors import install_errors
from api.limit import RateLimiter
from api.metric import Meter
from api.part import ALL_PARTS, LoadedPart, load_part
from api.password import Passwords
from api.registry import Models
from api.security import check_declarations
from api.serving import Seen, marking
from api.store import open_store
from api.throttle import Throttle
from api.token import AccessTokens
from schema.db.session import Databases
from schema.settings import Part, Settings
from workers.connection import connect

Opener = Callable[[CollectorRegistry], AbstractAsyncContextManager[Context]]


def create_app(
    settings: Settings,
    parts: frozenset[Part] = ALL_PARTS,
    *,
    databases: Databases | None = None,
    temporal: Client | None = None,
    store: ObjectStore | None = None,
    passwords: Passwords | None = None,
    clock: Callable[[], datetime] = utc_now,
    pace: timedelta = PACE,
) -> FastAPI:
    """The application of these parts. What is passed in stays the caller's to close; the rest is opened here.

    Nothing is opened before the lifespan starts. Raises RuntimeError when a route does not say who may call it.
    """

    @asynccontextmanager
    async def opened(registry: CollectorRegistry) -> AsyncIterator[Context]:
        bases = databases or Databases.open(settings.database_url_of)
        limits = RateLimiter(is_on=settings.rate_limits)
        try:
            yield Context(
                settings=settings,
                databases=bases,
                temporal=temporal or await connect(settings, lazy=True),
                store=store or open_store(settings),
                mails=SqlMailBook(bases.notifications),
                tokens=AccessTokens(settings.jwt_secret.get_secret_value(), settings.access_token_life),
                passwords=passwords or Passwords(),
                limits=limits,
                throttle=Throttle(is_on=settings.rate_limits),
                metrics=registry,
                clock=clock,
                pace=pace,
            )
        finally:
            await limits.close()
            if databases is None:
                await bases.close()

    return assemble(settings, [load_part(part) for part in sorted(parts)], opened)


def assemble(settings: Settings, parts: Iterable[LoadedPart], opened: Opener) -> FastAPI:
    """An application of loaded parts; `opened` makes the context for its lifespan."""
    loaded = list(parts)
    registry = CollectorRegistry()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.context = await stack.enter_async_context(opened(registry))
            app.state.context.keep(Seen, Seen())
            app.state.context.keep(Models, Models(app.state.context.store, settings.models_dir))
            for part in loaded:
                await stack.enter_async_context(part.lifespan(app.state.context))
            await stack.enter_async_context(marking(app.state.context, [part.part for part in loaded]))
            yield

    app = FastAPI(
        title="ProctorWise",
        version="1.0.0",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
    )
    for part in loaded:
        app.include_router(part.router, prefix=f"/api/{part.part}", tags=[part.part.value])
    app.include_router(health.router)
    app.include_router(codec.router)
    app.include_router(openapi.router)
    app.include_router(pages.router)
    install_errors(app)
    pages.install_unknown_page(app)
    openapi.install_openapi(app)
    check_declarations(app)
    # The last one added is the outermost.
    app.add_middleware(BodyGuard, limit=settings.max_body_bytes, caller_of=caller_of(app, settings))
    app.add_middleware(Meter, registry=registry)
    app.add_middleware(Edge, settings=settings)
    return app
