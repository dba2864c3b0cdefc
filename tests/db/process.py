"""Starts a module of the tests as a process of its own, to be killed."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

ROOT = Path(__file__).parents[2]


async def start(module: str, *arguments: object) -> Process:
    """Its output comes line by line."""
    words = [sys.executable, "-m", module, *map(str, arguments)]
    return await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=PIPE)
