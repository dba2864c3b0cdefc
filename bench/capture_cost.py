"""Processor time of Chromium's processes by thread, as Linux counts it (proc(5): schedstat, nanoseconds)."""

import re
from collections import defaultdict
from pathlib import Path

Cost = dict[str, float]

PROC = Path("/proc")
NANOSECONDS = 1e9
# Names are cut at 15 characters; numbers of a pool's threads say nothing.
THREADS = {
    "DedicatedWorker": "capture worker",
    "ServiceWorker t": "service worker",
    "ThreadPoolForeg": "thread pool",
    "Chrome_ChildIOT": "messages between processes",
    "Chrome_IOThread": "messages between processes",
}


def read_cost(processes: list[int]) -> Cost:
    """Seconds so far by "process: thread"; what has ended meanwhile is left out."""
    seconds: dict[str, float] = defaultdict(float)
    for process in processes:
        try:
            kind = _kind(process)
            threads = list((PROC / str(process) / "task").iterdir())
        except FileNotFoundError:
            continue
        for thread in threads:
            seconds[f"{kind}: {_name(process, thread)}"] += _seconds(thread)
    return dict(seconds)


def per_second(start: Cost, end: Cost, took: float) -> Cost:
    """Shares of a core between two readings; a thread that ended in between counts for nothing."""
    return {place: max(0.0, (seconds - start.get(place, 0.0)) / took) for place, seconds in end.items()}


def added(before: Cost, after: Cost) -> Cost:
    """What `after` has more than `before`, by place."""
    return {place: after.get(place, 0.0) - before.get(place, 0.0) for place in {*before, *after}}


def _kind(process: int) -> str:
    command = (PROC / str(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    part = re.search(r"--utility-sub-type=(?:\w+\.mojom\.)?(\w+)", command)
    kind = re.search(r"--type=([\w-]+)", command)
    return part[1] if part else kind[1] if kind else "browser"


def _name(process: int, thread: Path) -> str:
    if thread.name == str(process):
        return "main thread"
    try:
        name = (thread / "comm").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return "ended"
    return THREADS.get(name) or re.sub(r"[/\d]+$", "", name)


def _seconds(thread: Path) -> float:
    try:
        return int((thread / "schedstat").read_text(encoding="ascii").split()[0]) / NANOSECONDS
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
