"""A topic's events as pandas frames: all at once with ids as text, or in chunks with ids as numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from batch.period import Period
from bench.jobs.lake_file import written_on
from bench.jobs.pandas_line import DATA, ENVELOPE, Values, values_of
from schema.events import Topic

CHUNK = 250_000  # lines
NESTED = {"rulings": ("incident_id", "ruling"), "items": ("question_id", "earned", "points", "seconds")}
_DAY = 86_400_000_000  # microseconds


@dataclass(slots=True)
class Reader:
    """Reads lines into frames. `whole` keeps ids as text; else those of many values become two numbers each
    (`name` and `name_low`), and words and ids of few values become codes.
    """

    whole: bool
    tally: dict[str, int] = field(default_factory=dict)
    quarantine: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, int]] = field(default_factory=dict)

    def key(self, name: str) -> list[str]:
        """The columns that hold an id."""
        return [name] if self.whole else [name, f"{name}_low"]

    def words(self, name: str, codes: pd.Series) -> pd.Series:
        """What a column of codes says."""
        return codes if self.whole else codes.map(dict(enumerate(self._codes[name])))

    def code(self, name: str, word: str) -> str | int:
        """How a column says this word; -1 when no line did."""
        return word if self.whole else self._codes.get(name, {}).get(word, -1)

    def read(self, topic: Topic, files: Sequence[Path], period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The events, each once, of the topic's files; and what they hold nested, by `row` of the first."""
        chunks, nested, rows = [], [], 0
        for values in self._chunks(topic, files, period):
            frame = pd.DataFrame(values, columns=[*ENVELOPE, *DATA[topic], "file_day"])
            frame["row"] = np.arange(rows, rows + len(frame))
            rows += len(frame)
            inner = next((name for name in NESTED if name in frame), None)
            if inner:
                nested.append(self._squeezed(_spread(frame, inner)))
                frame = frame.drop(columns=inner)
            chunks.append(self._squeezed(frame))
        events = pd.concat(chunks, ignore_index=True)
        chunks.clear()
        again = events.duplicated(self.key("event_id"))
        self._count(events, again, period)
        events = events[~again].drop(columns=self.key("event_id"))
        return events, pd.concat(nested, ignore_index=True) if nested else pd.DataFrame()

    def _chunks(self, topic: Topic, files: Sequence[Path], period: Period) -> Iterator[list[Values]]:
        values: list[Values] = []
        for file in files:
            day = written_on(file)
            own, days = period.start <= day < period.end, ((day - period.start).days,)
            with file.open(encoding="utf-8") as lines:
                for line in lines:
                    found = values_of(line, topic, day)
                    self._add("lines_read", own)
                    if found:
                        values.append(found + days)
                    elif own:
                        self.quarantine.append(line.rstrip("\n"))
                    if len(values) == CHUNK and not self.whole:
                        yield values
                        values = []
        yield values

    def _squeezed(self, frame: pd.DataFrame) -> pd.DataFrame:
        if self.whole:
            return frame
        for name in frame.columns.intersection(["file_day", "round_number"]):
            frame[name] = frame[name].astype("int16")
        for name in ("event_id", "attempt_id", "incident_id"):
            if name in frame:
                numbers = _numbers(frame[name])
                frame[name], frame[f"{name}_low"] = numbers[:, 0], numbers[:, 1]
        for name in ("exam_id", "question_id", "kind", "severity", "outcome", "ruling"):
            if name in frame:
                codes = self._codes.setdefault(name, {})
                frame[name] = np.fromiter(
                    (codes.setdefault(word, len(codes)) for word in frame[name]), "int32", len(frame)
                )
        return frame

    def _count(self, events: pd.DataFrame, again: "pd.Series[bool]", period: Period) -> None:
        mine = happened_in(events, period)
        day = events["happened"] // _DAY - (period.start - date(1970, 1, 1)).days
        self._add("duplicates", int((mine & again).sum()))
        self._add("late_events", int((mine & ~again & (events["file_day"] > day)).sum()))
        self.tally["lines_quarantined"] = len(self.quarantine)

    def _add(self, name: str, count: int) -> None:
        self.tally[name] = self.tally.get(name, 0) + count


def happened_in(events: pd.DataFrame, period: Period) -> "pd.Series[bool]":
    """Whether each happened in the period, in UTC."""
    first, end = (pd.Timestamp(day).value // 1000 for day in (period.start, period.end))
    return (events["happened"] >= first) & (events["happened"] < end)


def _spread(frame: pd.DataFrame, inner: str) -> pd.DataFrame:
    each = [(row, *one) for row, some in zip(frame["row"], frame[inner], strict=True) for one in some]
    return pd.DataFrame(each, columns=["row", *NESTED[inner]])


def _numbers(ids: Any) -> Any:
    """Each id's 128 bits as two numbers."""
    return np.frombuffer(bytes.fromhex("".join(ids).replace("-", "")), ">u8").astype("u8").reshape(-1, 2)
