"""A student's report: performance by month."""

from api.analytics.definition import FRESHNESS, TREND, WITHHELD
from api.analytics.span import Span
from api.analytics.student_figure import Month, StudentFigures
from api.analytics.wording import STATES, change, count, coverage_facts, number, share
from schema.bulletin import Bulletin, Chart, ChartKind, Grid, Mark, Passage

ATTEMPTS = (
    "Attempts, score",
    "Sittings that count, one for each exam and month, by their last round in it; scores in per cent of the points.",
)


def student_bulletin(span: Span, figures: StudentFigures) -> Bulletin:
    """One passage."""
    facts = [
        ("Student", figures.name),
        ("Student's id", str(figures.student_id)),
        ("Days asked for", str(span)),
    ]
    facts += coverage_facts(figures.coverage, "Results")
    return Bulletin(
        title=f"Student report: {figures.name}",
        subject=f"A student's performance, {span}",
        foot=f"ProctorWise, student {figures.student_id}, {span}",
        facts=tuple(facts),
        passages=(_months(figures),),
        definitions=(*FRESHNESS, ATTEMPTS, TREND, WITHHELD),
    )


def _months(figures: StudentFigures) -> Passage:
    marks = tuple(
        Mark(f"{one.month:%Y-%m}", one.figures.mean_percent if one.figures else None, STATES[one.state])
        for one in figures.months
    )
    heads = ("Month", "State", "Attempts", "Mean score, %", "Passed", "Pass rate", "Trend")
    grid = Grid(heads, tuple(_line(one) for one in figures.months), (1.2, 1.8, 1, 1.4, 1, 1.1, 1), 2)
    chart = Chart(ChartKind.LINE, "Month", "Mean score, %", marks, digits=1, highest=100)
    if any(mark.value is not None for mark in marks):
        return Passage("Months", _finding(figures), chart, grid)
    return Passage("Months", _finding(figures), grid=grid)


def _finding(figures: StudentFigures) -> str:
    total = figures.total
    if total is None:
        return "Nothing can be said yet: no month of this period is computed and released."
    if not total.attempts:
        return "No attempt was marked in the months that are shown."
    known = [
        (one.month, one.figures.mean_percent)
        for one in figures.months
        if one.figures and one.figures.attempts
    ]
    said = (
        f"{share(total.pass_rate)} of {count(total.attempts, 'marked attempt')} passed; the mean is "
        f"{number(total.mean_percent)} %"
    )
    (first, low), (last, high) = known[0], known[-1]
    if len(known) == 1 or low is None or high is None:
        return f"{said}."
    return f"{said}, {number(low)} % in {first:%Y-%m} and {number(high)} % in {last:%Y-%m}."


def _line(month: Month) -> tuple[str, ...]:
    one = month.figures
    if one is None:
        return (f"{month.month:%Y-%m}", STATES[month.state], *[""] * 5)
    return (
        f"{month.month:%Y-%m}",
        STATES[month.state],
        str(one.attempts),
        number(one.mean_percent),
        str(one.passed),
        share(one.pass_rate),
        change(one.trend),
    )
