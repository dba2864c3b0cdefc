"""An SMTP server that keeps what it is sent in a Maildir."""

import asyncio
import importlib.util
import sys

from workers.part import Part
from workers.stack.engine import Member, Say, Unprepared
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings

LARGEST_BYTES = 32 * 2**20


class Mail:
    """Takes every mail from everyone on this machine, and delivers none."""

    name = "mail"

    def __init__(self, settings: StackSettings) -> None:
        self._box = settings.var_dir / "mail"
        self._port = Ports(settings.port_offset).smtp

    def prepare(self, say: Say) -> None:
        if importlib.util.find_spec("aiosmtpd") is None:
            raise Unprepared("aiosmtpd is not installed here; `make setup` does it")
        self._box.parent.mkdir(parents=True, exist_ok=True)

    def members(self) -> tuple[Member, ...]:
        command = (
            sys.executable, "-u", "-m", "aiosmtpd", "--nosetuid", "--smtputf8", "--size", str(LARGEST_BYTES),
            "--listen", f"{HOST}:{self._port}", "--class", "aiosmtpd.handlers.Mailbox", str(self._box),
        )  # fmt: skip
        address = f"smtp://{HOST}:{self._port}, kept in {self._box}"
        return (Member(Part("mail", command), address, (self._port,), self._is_ready),)

    async def _is_ready(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection(HOST, self._port)
            greeting = await asyncio.wait_for(reader.readline(), 3)
            writer.write(b"QUIT\r\n")
            await asyncio.wait_for(reader.readline(), 3)
            writer.close()
        except (OSError, TimeoutError):
            return False
        return greeting.startswith(b"220 ")
