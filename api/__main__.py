"""`python -m api [--part reservations …]`: serves all parts on one port, or one part alone on its own."""

import logging
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.part import ALL_PARTS
from api.protocol import PatientHttp
from api.spool.lock import spool_or_exit
from schema.db.migrate import databases_or_exit
from schema.settings import PART_PORTS, Part, Settings, settings_or_exit

GRACE_SECONDS = 10
WEBSOCKET_ALLOWANCE = 2 * 2**20  # beyond one frame, so that one that is too large is refused in words


def main(
    part: Annotated[list[Part] | None, typer.Option(help="A part to serve; all when none is named")] = None,
    port: Annotated[int | None, typer.Option(help="The port, when not the part's own or API_PORT")] = None,
) -> None:
    """Serve until told to stop."""
    settings = settings_or_exit()
    databases_or_exit(settings.database_url_of)
    parts = frozenset(part or ALL_PARTS)
    if Part.MONITORING in parts:
        spool_or_exit(settings.spool_dir)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    uvicorn.run(
        create_app(settings, parts),
        host=settings.api_host,
        port=port or _port_of(parts, settings),
        http=PatientHttp,
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # JPEGs do not get smaller
        ws_max_size=settings.max_frame_bytes + WEBSOCKET_ALLOWANCE,
        log_config=None,
        access_log=False,  # paths hold ids of people's attempts; /metrics counts requests
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _port_of(parts: frozenset[Part], settings: Settings) -> int:
    if len(parts) == 1:
        (only,) = parts
        return PART_PORTS[only]
    return settings.api_port


if __name__ == "__main__":
    typer.run(main)
