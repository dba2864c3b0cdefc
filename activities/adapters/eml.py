"""Writes mails as .eml files instead of sending them: what development and the demo read."""

import asyncio
import os
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

from schema.failures import Failure, FailureType


class EmlSender:
    """One file per mail, named by the left part of its Message-ID: a retried send replaces the same file."""

    send_limit = timedelta(seconds=4)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, mail: EmailMessage) -> None:
        """Whole or not at all. Raises UNAVAILABLE when the folder cannot be written."""
        try:
            await asyncio.to_thread(self._write, mail)
        except OSError as trouble:
            what = f"the mail cannot be written into {self._folder.name}: {trouble.strerror}"
            raise Failure(FailureType.UNAVAILABLE, what) from trouble

    def _write(self, mail: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{file_stem(mail)}.eml"
        partial = target.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            file.write(mail.as_bytes(policy=policy.SMTP))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)


def file_stem(mail: EmailMessage) -> str:
    """The mail's id as its Message-ID gives it. Raises INVALID for one without."""
    local = str(mail["Message-ID"] or "").strip().strip("<>").partition("@")[0]
    if not local or not local.replace("-", "").isalnum():
        raise Failure(FailureType.INVALID, f"a mail without a plain Message-ID cannot be kept: {local!r}")
    return local
