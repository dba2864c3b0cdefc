"""What the exam room needs to come back without network: its files, and the service worker that keeps them."""

import json
import re
from pathlib import PurePosixPath

from api.pages.asset import Assets
from api.pages.page import PAGES

KEEPER = "offline/keeper.js"
ROOM = next(page for page in PAGES if page.module == "room")
# The shell is the same for all attempts, so any id will do.
SHELL = ROOM.path.replace("{attempt_id}", "any")
SCREEN = ("css/screen.css", "icon.svg")

_MODULE = re.compile(r"""from "(\.[^"]+)"|import "(\.[^"]+)"|new URL\("(\.[^"]+)", import\.meta\.url\)""")
_SHEET = re.compile(r"""@import url\("([^"]+)"\)""")


def service_worker(assets: Assets) -> str:
    """The script of this version; a browser that finds another text than before takes over the new files."""
    keeper = assets.find(KEEPER)
    if keeper is None:
        raise KeyError(f"there is no file {KEEPER}")
    files = [f"/static/{assets.version}/{name}" for name in room_files(assets)]
    plan = {"version": assets.version, "files": files, "shell": SHELL}
    return f"self.plan = {json.dumps(plan)};\n{keeper.plain.decode()}"


def room_files(assets: Assets) -> list[str]:
    """The room's module and sheets with everything that they name, however far; texts come with the shell."""
    waiting = [f"page/{ROOM.module}.js", *SCREEN, *(f"css/{sheet}.css" for sheet in ROOM.sheets)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _named_in(assets, name)
    return sorted(found)


def _named_in(assets: Assets, name: str) -> list[str]:
    asset = assets.find(name)
    if asset is None:
        raise KeyError(f"there is no file {name}")
    pattern = {".js": _MODULE, ".css": _SHEET}.get(PurePosixPath(name).suffix)
    if pattern is None:
        return []
    named = ("".join(groups) for groups in (m.groups("") for m in pattern.finditer(asset.plain.decode())))
    return [_resolved(PurePosixPath(name).parent, address) for address in named]


def _resolved(folder: PurePosixPath, address: str) -> str:
    parts: list[str] = list(folder.parts)
    for part in PurePosixPath(address).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
