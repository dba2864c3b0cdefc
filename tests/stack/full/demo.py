"""`make demo` against the product of these tests."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schema.settings import Settings
from tests.product.product import PROJECT, environment_of
from tests.stack.running import RunningStack


@dataclass(frozen=True, slots=True)
class Played:
    """What the demo said and found."""

    code: int
    words: str
    summary: dict[str, Any]

    @property
    def attempt_id(self) -> UUID:
        return UUID(self.summary["attempt_id"])


async def play(stack: RunningStack, settings: Settings) -> Played:
    """As a client of its own, over the public interface, with its mail in the stack's Maildir."""
    told = {**environment_of(settings), "DEMO_MAILDIR": str(stack.var_dir / "mail"), "COLUMNS": "200"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.demo"),
        cwd=PROJECT,
        env={**os.environ, **told},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        words = (await process.communicate())[0].decode(errors="replace")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, words
    summary = json.loads((settings.var_dir / "demo" / "summary.json").read_text())
    return Played(process.returncode, words, summary)
