"""The product that the demo drives: the one that runs already, or one that it starts and stops itself."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.demo.mailbox import Mailbox, MaildirMailbox, SmtpMailbox

START_WITHIN = 120.0
WAITING = "still starting"
READY = "ProctorWise runs"
ALREADY = "already runs here"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the product answers; `mailbox` is None where only its own outbox can be read."""

    server: str
    temporal_ui: str
    mailbox: Mailbox | None


@asynccontextmanager
async def product(
    server: str, temporal_ui: str, maildir: Path | None = None, say: Callable[[str], None] = print
) -> AsyncIterator[Target]:
    """The running product, or a fresh start of it. Mail is read from `maildir`, or sent to an SMTP server of ours."""
    theirs = MaildirMailbox(maildir) if maildir else None
    if await _answers(server):
        yield Target(server, temporal_ui, theirs)
        return
    ours = None if theirs else SmtpMailbox()
    process = await _start({} if ours is None else _mail_to(ours.port))
    try:
        words = await _first_words(process, say)
        if READY not in words and ALREADY in words:  # somebody else was just starting it
            await _until_answers(server)
            yield Target(server, temporal_ui, theirs)
        elif READY in words:
            yield Target(server, temporal_ui, theirs or ours)
        else:
            raise RuntimeError(f"the product did not start:\n{words}")
    finally:
        await _end(process)
        if ours is not None:
            ours.close()


def _mail_to(port: int) -> dict[str, str]:
    return {"USE_MOCK_SENDERS": "false", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_TLS": "none"}


async def _start(settings: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers", "run"),
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


async def _first_words(process: asyncio.subprocess.Process, say: Callable[[str], None]) -> str:
    """What it prints until it is ready or has ended; the rest is read away, so that it never waits for us."""
    assert process.stdout is not None  # noqa: S101 - asked for above
    words = ""
    async for line in process.stdout:  # it says itself how long it takes, and ends when it cannot start
        words += line.decode(errors="replace")
        if WAITING in words.splitlines()[-1]:
            say(words.splitlines()[-1])
        if READY in words:
            break
    asyncio.create_task(process.stdout.read())  # noqa: RUF006 - ends with the process
    return words


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    await process.wait()


async def _until_answers(server: str) -> None:
    async with asyncio.timeout(START_WITHIN):
        while not await _answers(server):
            await asyncio.sleep(0.3)


async def _answers(server: str) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{server}/readyz", timeout=5)
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK
