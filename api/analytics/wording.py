"""Figures as a reader of a report reads them: rounded, with units, and a dash where there is none."""

from collections.abc import Sequence
from datetime import date, datetime

from api.analytics.coverage import Coverage, State
from schema.period import ONE_DAY, Unit

NOTHING = "–"
STATES = {
    State.COMPUTED: "",
    State.NOT_COMPLETE: "not complete",
    State.NOT_COMPUTED: "not computed yet",
    State.SUPPRESSED: "suppressed",
    State.WITHHELD: "not released yet",
}


def number(value: float | None, digits: int = 1) -> str:
    """Rounded to some decimals."""
    return NOTHING if value is None else f"{value:.{digits}f}"


def share(value: float | None) -> str:
    """A share of 1 as per cent."""
    return NOTHING if value is None else f"{value * 100:.1f} %"


def change(value: float | None) -> str:
    """A change with its sign."""
    return NOTHING if value is None else f"{value:+.1f}"


def count(many: int, one: str, several: str = "") -> str:
    """A number with its noun."""
    return f"{many} {one if many == 1 else several or one + 's'}"


def at(instant: datetime | None) -> str:
    """To the minute, in UTC."""
    return NOTHING if instant is None else f"{instant:%Y-%m-%d %H:%M} UTC"


def plain(word: str) -> str:
    """A technical word in plain ones."""
    return word.replace("_", " ")


def period(unit: Unit, start: date) -> str:
    """A period by its shortest name that is clear."""
    return f"{start:%Y-%m}" if unit is Unit.MONTH else f"{start:%Y-%m-%d}"


def coverage_facts(coverage: Coverage, what: str) -> list[tuple[str, str]]:
    """What a reader must know of how far these figures go."""
    unit = coverage.unit
    whole = f"{count(coverage.periods, unit)} from {coverage.first_day} to {coverage.last_day}"
    newest = (
        "none computed"
        if coverage.is_empty
        else f"{coverage.computed} computed, newest at {at(coverage.computed_at)}"
    )
    facts = [(what, f"{whole}; {newest}")]
    if coverage.not_computed:
        facts.append(("Not computed yet", _runs(unit, coverage.not_computed)))
    if coverage.not_complete:
        facts.append(
            ("Not complete", f"{_runs(unit, coverage.not_complete)}: computed before the {unit} was over")
        )
    if not coverage.is_empty:
        facts.append(
            ("Lines left out", f"{coverage.lines_quarantined} in quarantine of {coverage.lines_read} read")
        )
        facts.append(
            ("Late events", f"{coverage.late_events}, counted; duplicates {coverage.duplicates}, left out")
        )
    return facts


def _runs(unit: Unit, starts: Sequence[date]) -> str:
    """Periods that follow each other as one range."""
    runs: list[tuple[date, date]] = []
    for start in starts:
        if runs and unit.end_of(runs[-1][1]) + ONE_DAY == start:
            runs[-1] = (runs[-1][0], start)
        else:
            runs.append((start, start))
    names = [period(unit, a) if a == b else f"{period(unit, a)} to {period(unit, b)}" for a, b in runs]
    return f"{count(len(starts), unit)}: {', '.join(names)}"
