"""A report of figures before it is printed: passages with a finding, a chart and a table, and what its words mean."""

from dataclasses import dataclass
from enum import StrEnum


class ChartKind(StrEnum):
    """How marks are drawn."""

    COLUMNS = "columns"  # one beside the other, in the order of time or of a scale
    BARS = "bars"  # one below the other, for names
    LINE = "line"  # points over time


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a chart; without a value, `note` says why there is none."""

    label: str
    value: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`across` and `up` name the axes with their units. `lowest` and `highest` fix the scale of values; without
    `highest` it ends above the highest value. Values are written with `digits` decimals.
    """

    kind: ChartKind
    across: str
    up: str
    marks: tuple[Mark, ...]
    digits: int = 0
    lowest: float = 0.0
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: columns from `numbers_from` on hold numbers. `widths` are shares of the whole width."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers_from: int = 1


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, the finding in one sentence, what shows it, and remarks."""

    heading: str
    finding: str
    chart: Chart | None = None
    grid: Grid | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A whole report; `foot` stands below each page. `facts` and `definitions` are names with what they mean."""

    title: str
    subject: str
    foot: str
    facts: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    definitions: tuple[tuple[str, str], ...]
