"""What was measured, by size and job, as it stands in bench/results/jobs.json, and its tables."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Self

from bench.jobs.expense import Expense


@dataclass(slots=True)
class JobRecord:
    """One job on one size in millions of events. `load` is the machine's before each way began: it may be shared."""

    job: str
    size: float
    lines: int
    volume: int
    measured_at: str
    cores: int | None
    ways: dict[str, Expense] = field(default_factory=dict)
    load: dict[str, float] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Record:
    """All sizes and jobs; measuring one again replaces it."""

    jobs: list[JobRecord]

    @classmethod
    def read(cls, path: Path) -> Self:
        if not path.exists():
            return cls([])
        told = json.loads(path.read_text(encoding="utf-8"))
        jobs = [JobRecord(**one) for one in told]
        for one in jobs:
            one.ways = {way: Expense(**spent) for way, spent in told[jobs.index(one)]["ways"].items()}
        return cls(jobs)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([asdict(one) for one in self.jobs], indent=2) + "\n", encoding="utf-8")

    def replace(self, record: JobRecord) -> None:
        others = [one for one in self.jobs if (one.job, one.size) != (record.job, record.size)]
        self.jobs = sorted([*others, record], key=lambda one: (one.job, one.size))


def report(record: Record) -> str:
    """Costs and growth as Markdown tables."""
    return "\n".join([*_costs(record), "", *_growth(record)])


def _costs(record: Record) -> Iterator[str]:
    yield "| job | events | lines, GB | way | wall s | processor s | peak MB | lines/s | against duckdb |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for one in record.jobs:
        duckdb = one.ways.get("duckdb")
        for way, spent in one.ways.items():
            about = f"| {one.job} | {one.size:g} M | {one.lines:,}, {one.volume / 1e9:.1f} | {way} "
            if spent.ended:
                yield f"{about}| – | – | {spent.peak / 1e6:,.0f} | {spent.ended} | |"
                continue
            ratio = f"{spent.wall / duckdb.wall:.1f}" if duckdb else ""
            figures = f"| {spent.wall:.1f} | {spent.cpu:.1f} | {spent.peak / 1e6:,.0f} | {one.lines / spent.wall:,.0f} "
            yield f"{about}{figures}| {ratio} |"


def _growth(record: Record) -> Iterator[str]:
    """The exponent k of time ~ events^k between sizes: 0 is start-up only, 1 proportional."""
    yield "| job | way | from, to | wall grows by | exponent | processor grows by | exponent |"
    yield "|---|---|---|---|---|---|---|"
    for job in dict.fromkeys(one.job for one in record.jobs):
        for less, more in pairwise(one for one in record.jobs if one.job == job):
            for way in (way for way in less.ways if way in more.ways):
                before, after = less.ways[way], more.ways[way]
                if not (before.ended or after.ended):
                    wall, cpu = after.wall / before.wall, after.cpu / before.cpu
                    steps = math.log(more.size / less.size)
                    exponents = math.log(wall) / steps, math.log(cpu) / steps
                    yield (
                        f"| {job} | {way} | {less.size:g} M, {more.size:g} M | {wall:.1f} | {exponents[0]:.2f} "
                        f"| {cpu:.1f} | {exponents[1]:.2f} |"
                    )
