"""Serves the shells and their files; neither holds anything about anybody."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Request, Response

from api.context import ContextOf
from api.errors import of_http_exception
from api.limit import Rate
from api.pages.asset import Asset, Assets
from api.pages.offline import service_worker
from api.pages.page import PAGES, UNKNOWN, Page
from api.pages.shell import POLICY, shell
from api.said.language import choose_language
from api.security import anyone
from schema.failures import Failure, FailureType

LANGUAGE_COOKIE = "pw_language"
THEME_COOKIE = "pw_theme"
THEMES = frozenset({"light", "dark"})
FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)
assets = Assets()

no_data = anyone("a shell without data: the interface behind it asks who it is", Rate.FILE_ADDRESS)
our_files = anyone("files of the screens", Rate.FILE_ADDRESS)


def _route(page: Page) -> Callable[[Request, ContextOf], Awaitable[Response]]:
    async def show(request: Request, context: ContextOf) -> Response:
        if context.settings.environment == "development":
            assets.refresh()
        return _shown(request, page, HTTPStatus.OK)

    return show


def _shown(request: Request, page: Page, status: HTTPStatus) -> Response:
    accepted = request.headers.get("accept-language", "")
    language = choose_language(request.cookies.get(LANGUAGE_COOKIE), accepted)
    theme = request.cookies.get(THEME_COOKIE, "")
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Language": language,
        "Vary": "Accept, Accept-Language, Cookie",
        "Cache-Control": "no-cache",
        "Permissions-Policy": page.permissions,
    }
    text = shell(assets, page, language, theme if theme in THEMES else "")
    return Response(text, status, media_type="text/html", headers=headers)


def install_unknown_page(app: FastAPI) -> None:
    """Let browsers be told in words that an address leads nowhere; programs get the problem document as ever."""

    async def show(request: Request, error: Exception) -> Response:
        if request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", ""):
            return _shown(request, UNKNOWN, HTTPStatus.NOT_FOUND)
        return await of_http_exception(request, error)

    app.add_exception_handler(HTTPStatus.NOT_FOUND, show)


for _page in PAGES:
    router.add_api_route(_page.path, _route(_page), name=f"page {_page.module}", dependencies=[no_data])


@router.get("/static/{version}/{name:path}", dependencies=[our_files])
async def show_asset(version: str, name: str, request: Request) -> Response:
    """A file; one of another version is what this process has now, to be asked for again."""
    asset = assets.find(name)
    if asset is None:
        raise Failure(FailureType.NOT_FOUND, f"there is no file {name}; reload the page")
    return _file(request, asset, is_current=version == assets.version)


@router.get("/room-keeper.js", dependencies=[our_files])
async def show_service_worker(context: ContextOf) -> Response:
    """The service worker of the exam room. A worker rules the paths below its own, so it stands at the root."""
    if context.settings.environment == "development":
        assets.refresh()
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
    return Response(service_worker(assets), media_type="text/javascript", headers=headers)


def _file(request: Request, asset: Asset, *, is_current: bool) -> Response:
    headers = {
        "Cache-Control": FOR_EVER if is_current else "no-cache",
        "Vary": "Accept-Encoding",
        "Content-Security-Policy": POLICY,  # a worker goes by the policy of its own file
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.media_type, headers=headers)
    return Response(asset.plain, media_type=asset.media_type, headers=headers)
