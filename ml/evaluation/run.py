"""A whole evaluation: every way and preset over every stream, printed, and written as JSON and HTML."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ml.detector import Detectors
from ml.evaluation.figure import Figure, cost_a_frame, figures
from ml.evaluation.material import Stream
from ml.evaluation.page import Cost, Mistake, mistakes, write_page
from ml.evaluation.remembered import Notebook
from ml.evaluation.trial import tried
from schema.incident import Preset, policy_for


@dataclass(slots=True)
class Evaluation:
    """What came of all ways and presets."""

    figures: list[Figure] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def write(self, folder: Path, models: str) -> Path:
        """Figures as JSON and the page beside it; returns where the page is."""
        folder.mkdir(parents=True, exist_ok=True)
        rows = [figure.row() for figure in self.figures]
        costs = [{"way": c.way, "preset": c.preset, "frame_ms": c.frame_ms} for c in self.costs]
        said = {"models": models, "costs": costs, "figures": rows}
        (folder / "evaluation.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
        write_page(folder / "evaluation.html", models, self.figures, self.costs, self.mistakes)
        return folder / "evaluation.html"


def evaluated(
    streams: list[Stream],
    ways: Mapping[str, Detectors],
    presets: list[Preset],
    notebook: Notebook,
    tell: Callable[[str], None],
) -> Evaluation:
    """Try each way with each preset; `tell` hears of each stream that was wrong."""
    evaluation = Evaluation()
    for way, detectors in ways.items():
        for preset in presets:
            policy = policy_for(preset)
            trials = []
            for stream in streams:
                trials.append(tried(stream, policy, detectors, notebook))
                for wrong in mistakes(way, preset.value, trials[-1:]):
                    tell(f"{way}, {preset}: {wrong.stream}: {wrong.text}")
                    evaluation.mistakes.append(wrong)
            evaluation.figures += figures(way, policy, trials)
            evaluation.costs.append(Cost(way, preset.value, cost_a_frame(trials)))
    return evaluation


def table(evaluation: Evaluation) -> Iterator[str]:
    """The overall figures and the costs as Markdown, line by line."""
    yield "| way | preset | incident | found | missed | false | recall | precision | false an hour | opens after |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for row in evaluation.figures:
        if row.by == "all":
            yield _line(row)
    yield from ("", "| way | preset | ms a frame, processor time |", "|---|---|---|")
    for cost in evaluation.costs:
        yield f"| {cost.way} | {cost.preset} | {cost.frame_ms:.1f} |"


def _line(row: Figure) -> str:
    rate = f"{row.false_an_hour:.1f} ({row.false_interval[0]:.1f}–{row.false_interval[1]:.1f})"
    delay = "–" if row.opened_after_s is None else f"{row.opened_after_s:.1f} s"
    cells = [row.way, row.preset, row.kind, row.found, row.missed, row.false]
    shares = [_share(row.recall, row.recall_interval), _share(row.precision, row.precision_interval)]
    return "| " + " | ".join(str(cell) for cell in [*cells, *shares, rate, delay]) + " |"


def _share(value: float | None, interval: tuple[float, float]) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.0f} % ({100 * interval[0]:.0f}–{100 * interval[1]:.0f})"
