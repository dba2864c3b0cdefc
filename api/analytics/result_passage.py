"""What a report says of an exam's scores: their distribution and how the weeks went."""

from collections.abc import Iterator

from api.analytics.result_figure import ExamFigures, Week
from api.analytics.wording import STATES, change, count, number, share
from schema.bulletin import Chart, ChartKind, Grid, Mark, Passage

WEEKS_OF_A_YEAR = 52


def result_passages(figures: ExamFigures) -> Iterator[Passage]:
    """Distribution and weeks; one that says so where nothing is computed or nobody was marked."""
    if figures.total is None:
        yield Passage("Scores", "Nothing is known of scores: no week of this period has been computed yet.")
    elif not figures.total.attempts:
        yield Passage("Scores", "No attempt was marked in the computed weeks.")
    else:
        yield _distribution(figures)
        yield _weeks(figures)


def _distribution(figures: ExamFigures) -> Passage:
    total = figures.total
    if total is None:
        raise ValueError("a distribution needs a total")
    top = max(figures.distribution, key=lambda one: one.attempts)
    finding = (
        f"{share(total.pass_rate)} of {count(total.attempts, 'marked attempt')} passed; the mean is "
        f"{number(total.mean_percent)} %. Most frequent are scores from {_band(top.from_percent)} %."
    )
    marks = tuple(Mark(_band(one.from_percent), one.attempts) for one in figures.distribution)
    whole = sum(one.attempts for one in figures.distribution)
    lines = tuple(
        (_band(one.from_percent), str(one.attempts), share(one.attempts / whole if whole else None))
        for one in figures.distribution
    )
    grid = Grid(("Score, %", "Attempts", "Share"), lines, (1.2, 1.0, 1.0))
    chart = Chart(ChartKind.COLUMNS, "Score, per cent of the points", "Attempts", marks)
    return Passage("Scores", finding, chart, grid)


def _band(start: int) -> str:
    return f"{start}–{start + 10}"


def _weeks(figures: ExamFigures) -> Passage:
    is_long = len(figures.weeks) > WEEKS_OF_A_YEAR
    marks = tuple(
        Mark(f"{one.week:%Y-%m-%d}" if is_long else f"{one.week:%m-%d}", _mean(one), STATES[one.state])
        for one in figures.weeks
    )
    chart = Chart(ChartKind.LINE, "Week from", "Mean score, %", marks, digits=1, highest=100)
    heads = ("Week from", "State", "Attempts", "Mean %", "Median %", "Deviation", "Passed", "Alpha", "Trend")
    grid = Grid(heads, tuple(_line(one) for one in figures.weeks), (1.3, 2, 1.1, 1, 1.1, 1.2, 1, 0.8, 0.9), 2)
    return Passage("Weeks", _trend(figures), chart, grid)


def _mean(week: Week) -> float | None:
    return week.figures.mean_percent if week.figures else None


def _trend(figures: ExamFigures) -> str:
    known = [(one.week, mean) for one in figures.weeks if (mean := _mean(one)) is not None]
    (first, low), (last, high) = known[0], known[-1]
    if len(known) == 1:
        return f"Only one week has results: the one from {first}, with a mean of {number(low)} %."
    way = "rose" if high > low else "fell" if high < low else "stayed the same"
    by = "" if high == low else f" by {abs(high - low):.1f} points"
    return f"The mean {way}{by}: {number(low)} % in the week from {first}, {number(high)} % in the week from {last}."


def _line(week: Week) -> tuple[str, ...]:
    one = week.figures
    if one is None:
        return (str(week.week), STATES[week.state], *[""] * 7)
    return (
        str(week.week),
        STATES[week.state],
        str(one.attempts),
        number(one.mean_percent),
        number(one.median_percent),
        number(one.deviation),
        share(one.pass_rate),
        number(one.alpha, 2),
        change(one.trend),
    )
