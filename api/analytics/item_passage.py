"""What a report says of an exam's questions: how hard they are, how well they tell apart, how long they take."""

from collections.abc import Callable, Iterator, Sequence

from api.analytics.item_figure import ItemFigures
from api.analytics.wording import NOTHING, count, number
from schema.bulletin import Chart, ChartKind, Grid, Mark, Passage

MOST_BARS = 25
TELLS_LITTLE = (
    0.2  # Ebel and Frisbie, Essentials of Educational Measurement: below it, revise or drop the item
)


def item_passages(items: Sequence[ItemFigures]) -> Iterator[Passage]:
    """A passage per figure that is known of any question, and all of them in a table."""
    if not items:
        return
    hard = _ranked(items, lambda one: one.difficulty)
    if hard:
        yield _difficulty(hard)
    telling = _ranked(items, lambda one: one.discrimination)
    if telling:
        yield _discrimination(telling)
    slow = _ranked(items, lambda one: one.mean_seconds)[::-1]
    if slow:
        yield _time(slow)
    yield Passage("Questions", f"{count(len(items), 'question')} were answered.", grid=_grid(items))


Ranked = Sequence[tuple[ItemFigures, float]]


def _ranked(items: Sequence[ItemFigures], figure: Callable[[ItemFigures], float | None]) -> Ranked:
    known = [(one, value) for one in items if (value := figure(one)) is not None]
    return sorted(known, key=lambda pair: pair[1])


def _difficulty(ranked: Ranked) -> Passage:
    (hardest, low), (easiest, high) = ranked[0], ranked[-1]
    finding = (
        f"{_named(hardest)} is the hardest: {low:.2f} of its points were earned; "
        f"{_named(easiest)} the easiest: {high:.2f}."
    )
    chart = _bars(ranked, "Difficulty: share of the points that was earned (1 is easy)", digits=2, highest=1)
    return Passage("Difficulty", finding, chart, remarks=_rest(ranked, "hardest"))


def _discrimination(ranked: Ranked) -> Passage:
    weak = [one for one, value in ranked if value < TELLS_LITTLE]
    finding = (
        f"{len(weak)} of {count(len(ranked), 'question')} tell little about the whole (below {TELLS_LITTLE})"
    )
    finding += f": {', '.join(_short(one) for one in weak[:12])}." if weak else "."
    chart = _bars(
        ranked, "Discrimination: correlation with the rest of the score", digits=2, lowest=-1, highest=1
    )
    return Passage("Discrimination", finding, chart, remarks=_rest(ranked, "weakest"))


def _time(ranked: Ranked) -> Passage:
    (slowest, most), (quickest, least) = ranked[0], ranked[-1]
    finding = (
        f"{_named(slowest)} takes longest, {most:.0f} s on average, {_named(quickest)} least: {least:.0f} s."
    )
    chart = _bars(ranked, "Mean time on the question, seconds")
    return Passage("Time", finding, chart, remarks=_rest(ranked, "slowest"))


def _bars(
    ranked: Ranked, across: str, *, digits: int = 0, lowest: float = 0, highest: float | None = None
) -> Chart:
    marks = tuple(Mark(f"{_short(one)} {one.title}", value) for one, value in ranked[:MOST_BARS])
    return Chart(ChartKind.BARS, across, "Question", marks, digits, lowest, highest)


def _rest(ranked: Ranked, which: str) -> tuple[str, ...]:
    if len(ranked) <= MOST_BARS:
        return ()
    return (
        f"The chart shows the {MOST_BARS} {which} of {len(ranked)}; all stand in the table of questions.",
    )


def _short(one: ItemFigures) -> str:
    return f"Q{one.number}" if one.number is not None else "(removed)"


def _named(one: ItemFigures) -> str:
    return f"Question {one.number}" if one.number is not None else f"A removed question ({one.question_id})"


def _grid(items: Sequence[ItemFigures]) -> Grid:
    lines = tuple(
        (
            NOTHING if one.number is None else str(one.number),
            one.title,
            str(one.answers),
            number(one.difficulty, 2),
            number(one.discrimination, 2),
            number(one.mean_seconds, 0),
        )
        for one in items
    )
    heads = ("No.", "Question", "Answers", "Difficulty", "Discrimination", "Mean s")
    return Grid(heads, lines, (0.5, 4, 1, 1.1, 1.5, 0.9), 2)
