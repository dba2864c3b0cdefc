"""The report of a whole period: results of all exams, cohorts, and incidents."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from api.analytics.cohort_figure import Cohort, CohortFigures
from api.analytics.coverage import State
from api.analytics.definition import FRESHNESS, INCIDENTS, SCORES, SUPPRESSED, TREND
from api.analytics.exam_summary import ExamSummaries, ExamSummary
from api.analytics.incident_figure import IncidentFigures
from api.analytics.incident_passage import incident_passages
from api.analytics.span import Span
from api.analytics.wording import STATES, change, count, coverage_facts, number, share
from schema.bulletin import Bulletin, Chart, ChartKind, Grid, Mark, Passage

MOST_EXAMS = 20
MOST_COHORTS = 20


def period_bulletin(
    span: Span, exams: ExamSummaries, cohorts: CohortFigures, incidents: IncidentFigures
) -> Bulletin:
    """In the order in which an administration asks."""
    facts = [("Days asked for", str(span))]
    facts += coverage_facts(exams.coverage, "Exam results")
    facts += coverage_facts(cohorts.coverage, "Cohorts")
    facts += coverage_facts(incidents.coverage, "Incidents")
    return Bulletin(
        title=f"Report of {span}",
        subject="Results, cohorts and incidents of all exams",
        foot=f"ProctorWise, all exams, {span}",
        facts=tuple(facts),
        passages=(*_exams(exams), *_cohorts(cohorts), *incident_passages(incidents, by_exam=True)),
        definitions=(*FRESHNESS, *SCORES, TREND, SUPPRESSED, *INCIDENTS),
    )


def _exams(figures: ExamSummaries) -> Iterator[Passage]:
    total = figures.total
    if total is None:
        yield Passage("Exams", "Nothing is known of results: no week of this period has been computed yet.")
        return
    if not total.attempts:
        yield Passage("Exams", "No attempt was marked in the computed weeks.")
        return
    shown = sorted(figures.exams[:MOST_EXAMS], key=lambda one: (one.pass_rate or 0, one.title, one.exam_id))
    finding = f"{share(total.pass_rate)} of {count(total.attempts, 'marked attempt')} passed."
    if len(shown) > 1:
        low, high = shown[0], shown[-1]
        finding += (
            f" By exam: {share(low.pass_rate)} in “{low.title}” to {share(high.pass_rate)} in “{high.title}”."
        )
    marks = tuple(Mark(one.title, 100 * (one.pass_rate or 0)) for one in shown)
    chart = Chart(ChartKind.BARS, "Pass rate, per cent of marked attempts", "Exam", marks, 1, 0, 100)
    left_out = len(figures.exams) - len(shown)
    remarks = (f"{count(left_out, 'exam')} with fewer attempts stand in the CSV only.",) if left_out else ()
    yield Passage("Exams", finding, chart, _exam_grid(shown), remarks)


def _exam_grid(shown: list[ExamSummary]) -> Grid:
    lines = tuple(
        (one.title, str(one.attempts), number(one.mean_percent), number(one.lowest_percent),
         number(one.highest_percent), str(one.passed), share(one.pass_rate))
        for one in shown
    )  # fmt: skip
    heads = ("Exam", "Attempts", "Mean %", "Lowest %", "Highest %", "Passed", "Pass rate")
    return Grid(heads, lines, (3, 1, 1, 1.1, 1.2, 1, 1.1))


def _cohorts(figures: CohortFigures) -> Iterator[Passage]:
    if figures.coverage.is_empty:
        yield Passage(
            "Cohorts", "Nothing is known of cohorts: no month of this period has been computed yet."
        )
        return
    if not figures.cohorts:
        yield Passage("Cohorts", "No cohort has results in the computed months.")
        return
    remarks = [figures.suppression] if figures.suppressed else []
    if len(figures.cohorts) > MOST_COHORTS:
        remarks.append(
            f"The first {MOST_COHORTS} of {len(figures.cohorts)} cohorts are shown; all stand in the CSV."
        )
    shown = figures.cohorts[:MOST_COHORTS]
    yield Passage(
        "Cohorts", _cohort_finding(figures), _cohort_chart(shown), _cohort_grid(shown), tuple(remarks)
    )


def _cohort_finding(figures: CohortFigures) -> str:
    known = [
        (month.figures.mean_percent, cohort.cohort_id, month.month)
        for cohort in figures.cohorts
        for month in cohort.months
        if month.figures is not None and month.figures.mean_percent is not None
    ]
    hidden = (
        f"Suppressed: {count(figures.suppressed, 'month')} of small cohorts." if figures.suppressed else ""
    )
    if not known:
        return hidden or "No cohort has results."
    low, high = (
        f"{number(mean)} % (…{_short(key)}, {month:%Y-%m})" for mean, key, month in (min(known), max(known))
    )
    said = (
        f"The only monthly mean is {low}." if len(known) == 1 else f"Monthly means go from {low} to {high}."
    )
    return f"{said} {hidden}".strip()


def _cohort_chart(cohorts: Sequence[Cohort]) -> Chart:
    marks = []
    for cohort in cohorts:
        newest = next((one for one in reversed(cohort.months) if one.state is not State.NOT_COMPUTED), None)
        mean = newest.figures.mean_percent if newest and newest.figures else None
        label = f"…{_short(cohort.cohort_id)}" + (f", {newest.month:%Y-%m}" if newest else "")
        note = "" if mean is not None else (newest and STATES[newest.state]) or "no results"
        marks.append(Mark(label, mean, note))
    across = "Mean score in the newest computed month, %"
    return Chart(ChartKind.BARS, across, "Cohort", tuple(marks), 1, 0, 100)


def _cohort_grid(cohorts: Sequence[Cohort]) -> Grid:
    """Months with results, and suppressed ones."""
    lines = []
    for cohort in cohorts:
        for month in cohort.months:
            one = month.figures
            if month.state is State.NOT_COMPUTED or (one is not None and not one.attempts):
                continue
            cells = (
                ("", "", "", "", "")
                if one is None
                else (str(one.students), str(one.attempts), number(one.mean_percent), share(one.pass_rate),
                      change(one.trend))
            )  # fmt: skip
            lines.append(
                (f"…{_short(cohort.cohort_id)}", f"{month.month:%Y-%m}", STATES[month.state], *cells)
            )
    heads = ("Cohort", "Month", "State", "Students", "Attempts", "Mean %", "Pass rate", "Trend")
    return Grid(heads, tuple(lines), (1.5, 1, 1.7, 1, 1, 1, 1.1, 0.9), 3)


def _short(cohort_id: UUID) -> str:
    # The first half of a UUIDv7 is time, alike for cohorts made together.
    return str(cohort_id)[-12:]
