"""The API node that bench/stream.py measures: one process, group sync as served, or a sync after each frame."""

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path

import uvicorn

from api.app import create_app
from api.spool.group_sync import GroupSync, Round
from api.spool.running import RunningSpool
from schema.settings import Part, Settings


def node_settings(folder: Path, port: int) -> Settings:
    """Everything below one folder."""
    address = f"http://127.0.0.1:{port}"
    values = {"var_dir": folder, "api_port": port, "public_url": address, "rate_limits": False}
    return Settings.model_validate(values)


class EachSync(GroupSync):
    """What the group sync is compared with: every record is written and synced by itself, in the same thread."""

    def write(self, work: Round) -> list[OSError | None]:
        """One sync a record."""
        for segment, taken in work:
            for _, data in taken:
                segment.file.append([data])
        return [None for _ in work]


async def serve(settings: Settings, sync: Callable[[], GroupSync]) -> None:
    """Serve until killed."""
    app = create_app(settings, frozenset({Part.MONITORING}))
    config = uvicorn.Config(app, "127.0.0.1", settings.api_port, log_level="warning", ws="websockets-sansio")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.02)
    spool = app.state.context.kept(RunningSpool).spool
    spool.sync = sync()
    await asyncio.gather(serving, spool.sync.run())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("sync", choices=["group", "each"])
    given = parser.parse_args()
    kind = GroupSync if given.sync == "group" else EachSync
    uvicorn_loop = uvicorn.Config("x").get_loop_factory()
    with asyncio.Runner(loop_factory=uvicorn_loop) as runner:
        runner.run(serve(node_settings(given.folder, given.port), kind))
