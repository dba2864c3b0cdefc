"""Temporal's dev server with its web UI, as the embedded product starts it, on the stack's ports."""

import httpx

from schema.settings import Settings
from workers.stack.engine import Member, Say, Unprepared
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings
from workers.temporal_server import binary, server_part


class Temporal:
    """One server on one SQLite file, with the namespace and the search attributes of the product."""

    name = "temporal"

    def __init__(self, settings: StackSettings) -> None:
        ports = Ports(settings.port_offset)
        self._ui = f"http://{HOST}:{ports.temporal_ui}"
        self._listens = (ports.temporal, ports.temporal_ui)
        moved = {
            "var_dir": settings.var_dir,
            "temporal_address": f"{HOST}:{ports.temporal}",
            "temporal_ui_url": self._ui,
        }
        self._settings = Settings().model_copy(update=moved)

    def prepare(self, say: Say) -> None:
        try:
            binary("temporal")
        except FileNotFoundError as trouble:
            raise Unprepared(str(trouble)) from trouble

    def members(self) -> tuple[Member, ...]:
        address = f"{self._settings.temporal_address}, screens at {self._ui}"
        return (Member(server_part(self._settings), address, self._listens, self._is_ready),)

    async def _is_ready(self) -> bool:
        """The UI's own page answers before the namespace does, so the namespace is asked for."""
        address = f"{self._ui}/api/v1/namespaces/{self._settings.temporal_namespace}"
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=3) as client:
                return (await client.get(address)).is_success
        except httpx.HTTPError:
            return False
