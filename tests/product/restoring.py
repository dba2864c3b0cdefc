"""A product whose stores a test puts back: copies of a moment, the commands of a restore, and what became of it all."""

import asyncio
import json
import os
import shutil
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.demo.cast import Cast
from api.demo.mailbox import Letter, SmtpMailbox
from api.demo.person import Refused
from api.demo.story import command, until
from api.demo.summary import pages
from schema.db.session import Databases
from schema.settings import Settings
from tests.product.arrange import begun, checked_in, held
from tests.product.house import House
from tests.product.product import API, IO, LIFECYCLE, PROJECT, Product, environment_of
from tests.product.script import Script
from workers.temporal_server import prepare_namespace

PARTS = (API, LIFECYCLE, IO)  # nobody needs to watch
STARTS_WITHIN = 300.0  # four processes at once on a busy machine
REPAIRED = 150.0
DAY = "2026-11-28"  # a name for the copy; its manifest knows when it was taken
SHORT = "PT45S"


async def run_command(settings: Settings, *words: str) -> tuple[int, str]:
    """`python -m workers …` as an operator runs it: its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers", *words),
        cwd=PROJECT,
        env={**os.environ, **environment_of(settings), "COLUMNS": "500"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode(errors="replace")


@dataclass
class Scene:
    """Three attempts: one goes on, one ends soon, one is made after the copies were taken."""

    open_to: Cast
    closing_to: Cast
    later_to: Cast
    exam_id: str
    slot_id: str
    opened: str = ""
    closing: str = ""
    later: str = ""
    started: dict[str, Any] = field(default_factory=dict)
    deadline_of_closing: str = ""
    extended: dict[str, Any] = field(default_factory=dict)
    submitted: dict[str, Any] = field(default_factory=dict)
    script: Script | None = None

    @classmethod
    async def play(cls, house: House) -> "Scene":
        """Until the copies are taken."""
        first, second, third = [await house.cast() for _ in range(3)]
        exam_id = await house.exam({"check_in_steps": ["consent"], "admission": "automatic"})
        scene = cls(first, second, third, exam_id, await house.slot(exam_id))
        scene.opened = await checked_in(scene.open_to, exam_id, scene.slot_id)
        scene.started = await command(scene.open_to.student, scene.opened, "start")
        scene.script = await Script.open(scene.open_to.student, scene.opened)
        await scene.script.save(0)
        scene.closing, view = await begun(house, scene.closing_to, duration=SHORT)
        scene.deadline_of_closing = view["deadline_at"]
        return scene

    async def go_on(self, house: House) -> None:
        """What is acknowledged, told and mailed after the copies were taken."""
        assert self.script is not None
        self.extended = await command(self.open_to.proctor, self.opened, "extend", {"by": "PT10M"})
        await self.script.save(1)
        self.submitted = await command(self.closing_to.student, self.closing, "submit")
        self.later = await held(self.later_to, self.exam_id, self.slot_id)
        await command(self.later_to.student, self.later, "confirm")
        await until(lambda: letters(house, self.closing_to, 2), "the mails of the one", within=REPAIRED)
        await until(lambda: letters(house, self.later_to, 1), "the mail of the other", within=REPAIRED)
        await until(lambda: tells(house, self.closing, "submit"), "the event in the lake", within=REPAIRED)

    def mailed(self, house: House) -> Counter[str]:
        """How many mails each of the students got."""
        students = {cast.student.email for cast in (self.open_to, self.closing_to, self.later_to)}
        return Counter(letter.to for letter in mails(house) if letter.to in students)


async def letters(house: House, cast: Cast, at_least: int) -> bool:
    return len(await house.mailbox.letters(cast.student.email)) >= at_least


def mails(house: House) -> list[Letter]:
    """All that were sent so far, to whomever."""
    assert isinstance(house.mailbox, SmtpMailbox)
    return house.mailbox.taken


def mails_sent_twice(house: House) -> list[tuple[str, str]]:
    counted = Counter((one.to, one.message_id) for one in mails(house))
    return [key for key, many in counted.items() if many > 1]


def told(house: House, attempt_id: str, *more: Path) -> Iterator[dict[str, Any]]:
    """Every event of the attempt in the lakes."""
    for lake in (house.product.settings.lake_dir, *more):
        for file in (lake / "raw" / "events").rglob("*.jsonl"):
            for line in file.read_text().splitlines():
                event = json.loads(line)
                if event["attempt_id"] == attempt_id:
                    yield event


def numbers_of_two(house: House, attempt_id: str, *more: Path) -> list[tuple[str, int]]:
    """Numbers that two events have."""
    by_number = defaultdict(set)
    for event in told(house, attempt_id, *more):
        by_number[event["source"], event["sequence"]].add(event["event_id"])
    return [number for number, events in by_number.items() if len(events) > 1]


async def tells(house: House, attempt_id: str, verb: str) -> bool:
    return any(event["data"].get("verb") == verb for event in told(house, attempt_id))


async def shown(cast: Cast, attempt_id: str) -> dict[str, Any]:
    view: dict[str, Any] = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
    return view


async def verbs_of(cast: Cast, attempt_id: str) -> list[str]:
    moves = await pages(cast.admin, f"/api/reservations/attempts/{attempt_id}/moves")
    return [move["verb"] for move in moves if move["machine"] == "attempt"]


async def stands(cast: Cast, attempt_id: str, **facts: Any) -> bool:
    try:
        view = await shown(cast, attempt_id)
    except Refused:
        return False
    return all(view[name] == value for name, value in facts.items())


async def accepted(cast: Cast, person: Any, attempt_id: str, name: str, **body: Any) -> dict[str, Any]:
    """Sent again under one key until it is done, as a client does that is told to."""
    view: dict[str, Any] = {}
    key = f"{name}-{attempt_id}"

    async def is_done() -> bool:
        try:
            view.update(await person.post(f"/api/reservations/attempts/{attempt_id}/{name}", body, key=key))
        except Refused as refused:
            if refused.status != 503 or "over" in refused.problem["detail"]:
                raise
            return False
        return True

    await until(is_done, f"{name} to be done", within=REPAIRED)
    return view


class Copies:
    """Both stores as they were at one moment: the databases by the command, Temporal's file by SQLite."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self._temporal = folder / "temporal.sqlite3"

    async def take(self) -> None:
        """As `make backup` does, and an operator who copies Temporal's store at the same moment."""
        settings = self.house.product.settings
        shutil.rmtree(settings.backup_folder / DAY, ignore_errors=True)
        code, said = await run_command(settings, "backup", "--day", DAY)
        assert code == 0, said
        self._temporal.unlink(missing_ok=True)
        source, target = sqlite3.connect(self._store(settings)), sqlite3.connect(self._temporal)
        with target:
            source.backup(target)
        source.close()
        target.close()

    async def put_back(self, *, databases: bool, temporal: bool) -> str:
        """Stop, put back, start, repair; what the last command said."""
        product = self.house.product
        await product.down("temporal", *PARTS)
        if databases:
            await self._restore()
        if temporal:
            remove_database(self._store(product.settings))
            shutil.copy(self._temporal, self._store(product.settings))
        return await start_and_repair(product)

    async def _restore(self) -> None:
        await self.house.databases.close()
        settings = self.house.product.settings
        for file in (settings.var_dir / "db").glob("*.sqlite3"):
            remove_database(file)
        code, said = await run_command(settings, "restore", "--day", DAY)
        assert code == 0, said
        self.house.databases = Databases.open(settings.database_url_of)

    def _store(self, settings: Settings) -> Path:
        return settings.var_dir / "temporal" / "temporal.sqlite3"


def remove_database(file: Path) -> None:
    """The file with its log."""
    for name in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        name.unlink(missing_ok=True)


async def start_and_repair(product: Product) -> str:
    """As the documented way ends: whatever the sweep has done by itself by then, the command says what is so."""
    product.start("temporal")
    await prepare_namespace(product.settings, within=STARTS_WITHIN)
    product.start(*PARTS)
    await product.until_serving(*PARTS, within=STARTS_WITHIN)
    said = ""

    async def is_whole() -> bool:
        nonlocal said
        code, words = await run_command(product.settings, "repair")
        said += words
        return code == 0

    await until(is_whole, "the repair to find everything in order", within=STARTS_WITHIN)
    return said
