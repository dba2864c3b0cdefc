"""This machine: room for what a running system keeps, and the right to write there."""

import asyncio
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from schema.settings import Settings
from workers.doctor.finding import About, Finding

SCARCE_BYTES = 2 * 2**30
PLENTY_BYTES = 10 * 2**30


async def check(settings: Settings) -> Sequence[Finding]:
    """The folder VAR_DIR."""
    return (await asyncio.to_thread(room, About("machine", "VAR_DIR"), settings.var_dir),)


def room(about: About, folder: Path) -> Finding:
    """Whether the folder, or what it would be made in, can be written, and how much fits."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return about.bad(
            f"{there} cannot be written by this account", f"Give it to this account, or move {about.subject}."
        )
    free = shutil.disk_usage(there).free
    said = f"{folder}: {free / 2**30:.1f} GB free"
    if free < SCARCE_BYTES:
        return about.bad(said, "Make room: frames are refused when the disk is full.")
    if free < PLENTY_BYTES:
        return about.doubt(said, "Make room soon; a student's hour of frames takes about 100 MB.")
    return about.good(said)
