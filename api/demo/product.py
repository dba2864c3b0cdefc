"""The product that the demo drives: the one that runs already, or one that it starts and stops itself."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from api.demo.mailbox import SmtpMailbox

START_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where the product answers; `smtp` is the mail server started for it, None for one that ran already."""

    server: str
    temporal_ui: str
    smtp: SmtpMailbox | None


@asynccontextmanager
async def product(server: str, temporal_ui: str) -> AsyncIterator[Target]:
    """The running product, or a fresh start of it that sends its mail to an SMTP server of ours."""
    if await _answers(server):
        yield Target(server, temporal_ui, None)
        return
    mailbox = SmtpMailbox()
    process = await _start(mailbox.port)
    try:
        await _until_ready(server, process)
        yield Target(server, temporal_ui, mailbox)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
        mailbox.close()


async def _start(smtp_port: int) -> asyncio.subprocess.Process:
    settings = {
        "USE_MOCK_SENDERS": "false",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(smtp_port),
        "SMTP_TLS": "none",
    }
    command = (sys.executable, "-m", "workers", "run")
    return await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **settings}, stdout=asyncio.subprocess.DEVNULL, start_new_session=True
    )


async def _until_ready(server: str, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_WITHIN):
        while not await _answers(server):
            if process.returncode is not None:
                raise RuntimeError("the product did not start; run `make run` to see why")
            await asyncio.sleep(0.3)


async def _answers(server: str) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{server}/readyz", timeout=5)
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK
