"""The shells of the screens and their files: what is served, in which language, and under which policy."""

import gzip
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.pages.asset import FOLDER, Assets
from api.pages.offline import service_worker
from api.pages.page import PAGES, Page
from api.said.language import ENGLISH, LANGUAGES, choose_language
from schema.db.session import Databases
from schema.settings import Settings
from tests.api.conftest import serving

AREAS = sorted(path.stem for path in (FOLDER / "text" / ENGLISH).glob("*.json"))
MODULES = sorted(FOLDER.rglob("*.js"))
USED = re.compile(r"""\b(?:t|parts|has)\(\s*["'`]([A-Za-z][\w.]*)["'`]""")


@pytest.fixture
async def client(settings: Settings, databases: Databases) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(create_app(settings, databases=databases)) as client:
        yield client


def flat(texts: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, text in texts.items():
        if isinstance(text, dict):
            yield from flat(text, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", text


def texts(language: str, area: str) -> dict[str, str]:
    path = FOLDER / "text" / language / f"{area}.json"
    return dict(flat(json.loads(path.read_text(encoding="utf-8")), f"{area}."))


def imported(module: Path) -> set[Path]:
    """The module and everything that it imports, however far."""
    found, waiting = set(), [module]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            names = re.findall(r'from "(\.[^"]+)"|import "(\.[^"]+)"', path.read_text(encoding="utf-8"))
            waiting += [(path.parent / (one or other)).resolve() for one, other in names]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.module)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_shell_is_set_in_the_readers_language(
    client: httpx.AsyncClient, page: Page, language: str
) -> None:
    path = re.sub(r"\{[^}]*\}", "0190f3a0-0000-7000-8000-000000000042", page.path)

    answer = await client.get(path, headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son\w+=", answer.text)


@pytest.mark.parametrize("path", ["/nowhere", "/attempts/x/y/z", "/api/nothing", "/wall/x/y"])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "nothing at this address"), ("de", "Unter dieser Adresse")]
)
async def test_an_address_that_leads_nowhere_is_a_page_in_words(
    client: httpx.AsyncClient, path: str, language: str, words: str
) -> None:
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}

    shown = await client.get(path, headers=headers)
    asked = await client.get(path)

    assert (shown.status_code, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert words in shown.text
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert (asked.status_code, asked.headers["content-type"]) == (404, "application/problem+json")


async def test_only_the_check_in_may_ask_for_the_microphone(client: httpx.AsyncClient) -> None:
    asking = set()
    for page in PAGES:
        answer = await client.get(re.sub(r"\{[^}]*\}", "0190f3a0-0000-7000-8000-000000000042", page.path))
        if "microphone=(self)" in answer.headers["permissions-policy"]:
            asking.add(page.module)

    assert asking == {"check-in"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.module)
def test_a_page_gets_every_text_that_its_modules_use(page: Page) -> None:
    given = {key for area in page.texts for key in texts(ENGLISH, area)}
    branches = {key.rpartition(".")[0] for key in given}
    used = {
        key
        for module in imported(FOLDER / "page" / f"{page.module}.js")
        for key in USED.findall(module.read_text(encoding="utf-8"))
    }

    assert {page.title} <= given
    assert used - given - branches == set()


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != ENGLISH])
def test_another_language_has_the_same_texts_with_the_same_names_in_them(area: str, language: str) -> None:
    def names(found: dict[str, str]) -> dict[str, set[str]]:
        return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in found.items()}

    assert names(texts(language, area)) == names(texts(ENGLISH, area))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_a_module_is_small_and_builds_no_markup_from_text(module: Path) -> None:
    source = module.read_text(encoding="utf-8")

    assert source.startswith("// "), "say in one sentence what it is for"
    assert len(source.splitlines()) <= 200
    assert not re.search(
        r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function)\b", source
    )
    assert "http://" not in source.replace("http://www.w3.org/", "")
    assert "https://" not in source.replace(r"https?:\/\/", "")


async def test_files_are_kept_by_the_browser_until_one_changes(client: httpx.AsyncClient) -> None:
    shell = (await client.get("/sign-in")).text
    found = re.search(r'src="(/static/\w+/page/sign-in\.js)"', shell)
    assert found is not None

    fresh = await client.get(found[1])
    old = await client.get("/static/0123456789ab/page/sign-in.js")

    assert fresh.headers["content-type"].startswith("text/javascript")
    assert "immutable" in fresh.headers["cache-control"]
    assert fresh.headers["content-encoding"] == "gzip"
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")


async def test_the_rooms_service_worker_names_the_rooms_files_of_this_version(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/room-keeper.js")
    plan = json.loads(answer.text.partition("= ")[2].partition(";\n")[0])
    served = [await client.get(path) for path in (plan["shell"], *plan["files"])]

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert {one.status_code for one in served} == {200}
    assert all(path.startswith(f"/static/{plan['version']}/") for path in plan["files"])
    asked = set(re.findall(rf'"(/static/{plan["version"]}/[^"]+)"', served[0].text))
    worker = imported(FOLDER / "room" / "capture-worker.js")
    needed = {f"{path.relative_to(FOLDER)}" for path in imported(FOLDER / "page" / "room.js") | worker}
    assert asked | {f"/static/{plan['version']}/{name}" for name in needed} <= set(plan["files"])


def test_a_new_version_is_another_service_worker(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "static")
    assets = Assets(tmp_path / "static")
    before = service_worker(assets)
    (tmp_path / "static" / "css" / "room.css").write_text("/* Another one. */\n", encoding="utf-8")
    assets.refresh()

    assert service_worker(assets) != before


async def test_a_file_that_is_not_there_is_a_problem(client: httpx.AsyncClient) -> None:
    answers = [await client.get(f"/static/x/{name}") for name in ("page/none.js", "..%2f..%2fapp.py", "")]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].json()["type"] == "/problems/not_found"


async def test_the_theme_of_the_cookie_is_worn_from_the_first_moment(client: httpx.AsyncClient) -> None:
    dark = await client.get("/sign-in", headers={"Cookie": "pw_theme=dark"})
    odd = await client.get("/sign-in", headers={"Cookie": 'pw_theme="><script>'})

    assert 'data-theme="dark"' in dark.text
    assert "data-theme" not in odd.text


def test_a_changed_file_changes_the_version(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text("// One.\n", encoding="utf-8")
    assets = Assets(tmp_path)
    before = assets.version

    (tmp_path / "one.js").write_text("// Another one.\n", encoding="utf-8")
    assets.refresh()

    found = assets.find("one.js")
    assert found is not None
    assert gzip.decompress(found.compressed) == b"// Another one.\n"
    assert assets.version != before


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        (None, "", "en"),
        (None, "fr-FR,de-AT;q=0.8,en;q=0.7", "de"),
        ("de", "en", "de"),
        ("xx", "en-GB", "en"),
        (None, ";;;,", "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_browsers(
    chosen: str | None, accepted: str, language: str
) -> None:
    assert choose_language(chosen, accepted) == language


async def test_a_classroom_behind_one_address_gets_its_screens(
    settings: Settings, databases: Databases
) -> None:
    app = create_app(settings.model_copy(update={"rate_limits": True}), databases=databases)
    async with serving(app) as client:
        files = [await client.get("/static/x/core/dom.js") for _ in range(1_500)]
        others = [await client.get("/api/users/me") for _ in range(3)]

    assert {answer.status_code for answer in files} == {200}
    assert {answer.status_code for answer in others} == {401}
