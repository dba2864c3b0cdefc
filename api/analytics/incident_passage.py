"""What a report says of incidents: how many of which kind, how grave, at what hour, on what day, in which exam."""

from collections.abc import Iterator, Sequence

from api.analytics.incident_figure import IncidentFigures, IncidentTally
from api.analytics.preset_figure import SEVERAL, UNKNOWN
from api.analytics.wording import STATES, count, number, plain, share
from schema.bulletin import Chart, ChartKind, Grid, Mark, Passage

HEADS = ("Incidents", "Confidence", "Reviewed", "Cleared", "Ruled on", "False positives")
WIDTHS = (1.0, 1.1, 1.0, 1.3, 1.0, 1.5)
PRESETS = {SEVERAL: "several in one exam", UNKNOWN: "not known any more"}
MOST_DAYS_IN_TABLE = 31
MOST_EXAMS = 20
HOURS_A_LINE = 6


def incident_passages(figures: IncidentFigures, *, by_exam: bool) -> Iterator[Passage]:
    """All of them; one that says so where nothing is computed or nothing happened."""
    total = figures.total
    if total is None:
        yield Passage(
            "Incidents", "Nothing is known of incidents: no day of this period has been computed yet."
        )
        return
    if not total.incidents:
        yield Passage("Incidents", "No incident was recorded on the computed days.", remarks=_gaps(figures))
        return
    yield _kinds(figures, total)
    yield _presets(figures)
    yield _severities(figures, total)
    yield _hours(figures, total)
    yield _days(figures)
    if by_exam:
        yield _exams(figures, total)


def _kinds(figures: IncidentFigures, total: IncidentTally) -> Passage:
    ranked = sorted(figures.by_kind, key=lambda one: (-one.incidents, one.kind))
    first = ranked[0]
    finding = (
        f"{count(total.incidents, 'incident')} were recorded; {plain(first.kind)} is the most frequent kind "
        f"({share(first.incidents / total.incidents)}). Of {total.reviewed} reviewed, {share(total.share_cleared)} "
        f"were cleared; of {total.ruled} ruled on, {share(total.false_positive_rate)} were false positives."
    )
    named = [(plain(one.kind), one) for one in ranked]
    return Passage("Incidents by kind", finding, _bars("Kind", named), _grid("Kind", named, total))


def _presets(figures: IncidentFigures) -> Passage:
    named = [(PRESETS.get(one.preset, plain(one.preset)), one) for one in figures.by_preset]
    known = [f"{name} {share(one.share_cleared)}" for name, one in named if one.reviewed]
    finding = (
        f"Cleared of those reviewed, by preset of detection: {', '.join(known)}."
        if known
        else "No incident has been reviewed yet, so nothing can be said of one preset against another."
    )
    return Passage("Incidents by preset", finding, _bars("Preset", named), _grid("Preset", named, None))


def _severities(figures: IncidentFigures, total: IncidentTally) -> Passage:
    ranked = sorted(figures.by_severity, key=lambda one: (-one.incidents, one.severity))
    grave = sum(one.incidents for one in ranked if one.severity in {"high", "critical"})
    finding = f"{share(grave / total.incidents)} of the incidents are of high or critical severity."
    named = [(plain(one.severity), one) for one in ranked]
    return Passage("Incidents by severity", finding, _bars("Severity", named), _grid("Severity", named, None))


def _hours(figures: IncidentFigures, total: IncidentTally) -> Passage:
    hours = [one.incidents for one in figures.by_hour]
    busiest = hours.index(max(hours))
    finding = (
        f"Most incidents began between {busiest:02d}:00 and {busiest + 1:02d}:00 UTC: "
        f"{hours[busiest]} of {total.incidents}."
    )
    marks = tuple(Mark(f"{hour:02d}", many) for hour, many in enumerate(hours))
    lines = tuple(
        (f"from {start:02d}:00", *(str(many) for many in hours[start : start + HOURS_A_LINE]))
        for start in range(0, len(hours), HOURS_A_LINE)
    )
    heads = ("Hour, UTC", *(f"+{hour} h" for hour in range(HOURS_A_LINE)))
    grid = Grid(heads, lines, (2.0, *[1.0] * HOURS_A_LINE))
    return Passage(
        "Incidents by hour",
        finding,
        Chart(ChartKind.COLUMNS, "Hour of the day, UTC", "Incidents", marks),
        grid,
    )


def _days(figures: IncidentFigures) -> Passage:
    known = [(one.day, one.tally) for one in figures.by_day if one.tally is not None]
    day, tally = max(known, key=lambda one: (one[1].incidents, -one[0].toordinal()))
    calm = sum(not one.incidents for _, one in known)
    finding = f"The most incidents on one day were {tally.incidents}, first on {day}; {count(calm, 'day')} had none."
    is_long = len(figures.by_day) > MOST_DAYS_IN_TABLE
    marks = tuple(
        Mark(
            f"{one.day:%Y-%m-%d}" if is_long else f"{one.day:%m-%d}",
            one.tally.incidents if one.tally else None,
            STATES[one.state],
        )
        for one in figures.by_day
    )
    chart = Chart(ChartKind.COLUMNS, "Day, UTC", "Incidents", marks)
    if is_long:
        return Passage(
            "Incidents by day", finding, chart, remarks=("The CSV has every day.", *_gaps(figures))
        )
    lines = tuple((str(one.day), STATES[one.state], *_cells(one.tally)) for one in figures.by_day)
    grid = Grid(("Day", "State", *HEADS), lines, (1.3, 1.9, *WIDTHS), 2)
    return Passage("Incidents by day", finding, chart, grid, _gaps(figures))


def _exams(figures: IncidentFigures, total: IncidentTally) -> Passage:
    shown = figures.by_exam[:MOST_EXAMS]
    finding = (
        f"{count(len(figures.by_exam), 'exam')} had incidents; “{shown[0].title}” had the most: "
        f"{shown[0].incidents} of {total.incidents}."
    )
    left_out = len(figures.by_exam) - len(shown)
    remarks = (f"{count(left_out, 'exam')} with fewer incidents stand in the CSV only.",) if left_out else ()
    named = [(one.title, one) for one in shown]
    return Passage("Incidents by exam", finding, _bars("Exam", named), _grid("Exam", named, None), remarks)


def _bars(up: str, named: Sequence[tuple[str, IncidentTally]]) -> Chart:
    return Chart(ChartKind.BARS, "Incidents", up, tuple(Mark(name, one.incidents) for name, one in named))


def _grid(head: str, named: Sequence[tuple[str, IncidentTally]], total: IncidentTally | None) -> Grid:
    lines = [(name, *_cells(one)) for name, one in named]
    if total is not None:
        lines.append(("All", *_cells(total)))
    return Grid((head, *HEADS), tuple(lines), (2.6, *WIDTHS))


def _cells(one: IncidentTally | None) -> tuple[str, ...]:
    if one is None:
        return ("",) * len(HEADS)
    return (
        str(one.incidents),
        number(one.mean_confidence, 2),
        str(one.reviewed),
        _of(one.cleared, one.share_cleared),
        str(one.ruled),
        _of(one.false_positives, one.false_positive_rate),
    )


def _of(many: int, part: float | None) -> str:
    return str(many) if part is None else f"{many} ({share(part)})"


def _gaps(figures: IncidentFigures) -> tuple[str, ...]:
    missing = len(figures.coverage.not_computed)
    return (
        (f"{count(missing, 'day')} of the period are not computed yet and are in no figure.",)
        if missing
        else ()
    )
