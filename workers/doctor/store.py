"""The object store: an object is written, read and deleted as the product does it; and what HDFS says of itself."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from activities.adapters.store import open_store
from schema.failures import Failure
from schema.settings import Settings
from workers.doctor.finding import About, Finding
from workers.doctor.machine import PLENTY_BYTES, SCARCE_BYTES, room

PATIENCE = timedelta(seconds=6)
ASK_SECONDS = 5.0
TRIAL = About("store", "write, read, delete")
STANDBY = "standby"
LONGEST_SILENCE = 15  # seconds; a data node reports every three


async def check(settings: Settings) -> Sequence[Finding]:
    """The name nodes first; where none serves, nothing is written."""
    if settings.use_local_storage:
        found = await asyncio.to_thread(room, About("store", "lake"), settings.lake_dir)
        return (found,) if not settings.lake_dir.exists() else (found, await _trial(settings))
    urls = [url.strip().rstrip("/") for url in settings.hdfs_url.split(",")]
    nodes = await asyncio.gather(*(_name_node(url) for url in urls))
    findings = [finding for finding, _ in nodes]
    if not any(serves for _, serves in nodes):
        return (*findings, TRIAL.off("not tried: no name node serves"))
    return (*findings, await _trial(settings))


async def _trial(settings: Settings) -> Finding:
    name, data = f"quarantine/doctor/{uuid4().hex}", b"written by the doctor"
    where = (
        f"{settings.lake_dir}"
        if settings.use_local_storage
        else f"{settings.hdfs_root} as {settings.hdfs_user}"
    )
    try:
        async with asyncio.timeout(3 * PATIENCE.total_seconds()):
            store = open_store(settings, PATIENCE)
            await store.put(name, data)
            came_back = await store.get(name)
            await store.delete(name)
    except (Failure, OSError, TimeoutError) as trouble:
        said = f"an object cannot be written below {where}: {str(trouble) or 'it took too long'}"
        return TRIAL.bad(
            said, "The account needs the folder, and this machine must reach the data nodes by their names."
        )
    if came_back != data:
        return TRIAL.bad(f"an object came back changed from {where}", "Look at the disks.")
    return TRIAL.good(f"works below {where}")


async def _name_node(url: str) -> tuple[Finding, bool]:
    """What it says, and whether it serves."""
    about = About("store", url)
    try:
        status, info = await asyncio.gather(_bean(url, "NameNodeStatus"), _bean(url, "NameNodeInfo"))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError) as trouble:
        said = f"no name node answers there: {str(trouble) or type(trouble).__name__}"
        return about.bad(said, "Start it, or mend HDFS_URL. What is written waits until then."), False
    if status.get("State") == STANDBY:
        return about.good("answers; stands by"), False
    if info.get("Safemode"):
        said = f"it is in safe mode and takes no writes: {info['Safemode']}"
        advice = "It leaves by itself when enough data nodes have reported; see that they run."
        return about.bad(said, advice), False
    return _serving(about, info), True


def _serving(about: About, info: dict[str, Any]) -> Finding:
    alive, dead = json.loads(info.get("LiveNodes", "{}")), json.loads(info.get("DeadNodes", "{}"))
    free = int(info.get("Free", 0))
    said = f"answers; {len(alive)} data nodes, {free / 2**30:.1f} GB free"
    if not alive or free < SCARCE_BYTES:
        return about.bad(said, "Start data nodes, or give them room: nothing can be written.")
    silent = {name for name, node in alive.items() if node["lastContact"] > LONGEST_SILENCE}
    if gone := sorted(silent | set(dead)):
        advice = "Bring them back: blocks are short of copies."
        return about.doubt(f"{said}; silent: {', '.join(gone)}", advice)
    if int(info.get("NumberOfMissingBlocks", 0)):
        return about.doubt(
            f"{said}; blocks are missing", "hdfs fsck / -list-corruptfileblocks names the files."
        )
    if free < PLENTY_BYTES:
        return about.doubt(said, "Make room soon.")
    return about.good(said)


async def _bean(url: str, name: str) -> dict[str, Any]:
    async with httpx.AsyncClient(trust_env=False, timeout=ASK_SECONDS) as client:
        answer = await client.get(f"{url}/jmx", params={"qry": f"Hadoop:service=NameNode,name={name}"})
    answer.raise_for_status()
    bean: dict[str, Any] = answer.json()["beans"][0]
    return bean
