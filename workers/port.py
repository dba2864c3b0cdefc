"""Makes sure that a port is free before a part is started on it, for a stranger's server might answer there."""

import asyncio
import socket
import time
from collections.abc import Callable
from datetime import timedelta

# A part whose supervisor was killed may take this long to end.
PATIENCE = timedelta(seconds=20)


class PortTaken(Exception):
    """Another program listens there."""


async def until_free(
    host: str, port: int, setting: str, say: Callable[[str], None], patience: timedelta = PATIENCE
) -> None:
    """Wait for the port. Raises PortTaken that names the setting to change."""
    give_up_at = time.monotonic() + patience.total_seconds()
    has_said = False
    while not is_free(host, port):
        if time.monotonic() > give_up_at:
            what = f"port {port} is taken by another program; stop it, or choose another port in {setting}"
            raise PortTaken(what)
        if not has_said:
            say(f"port {port} is taken; waiting for whoever has it to end")
        has_said = True
        await asyncio.sleep(0.2)


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True
