"""The page that shows the tour: which pictures each stop has, and their sentences."""

from pathlib import Path

from tests.e2e.tour.stop import CHAPTERS, Stop


def pictures_of(stop: Stop) -> dict[str, str]:
    """File names of a stop's pictures, with the alternative text of each."""
    also = {"-320": ("narrow", ", on a screen 320 pixels wide"), "-dark": ("dark", ", in the dark")}
    further = {end: words for end, (wanted, words) in also.items() if getattr(stop, wanted)}
    plain = stop.sentence.rstrip(".")
    return {f"{stop.name}{end}.webp": f"{plain}{words}." for end, words in {"": "", **further}.items()}


def write_page(path: Path, taken: list[str]) -> None:
    """docs/tour.md. Raises ValueError where a picture is missing."""
    lines = [
        "# A tour of the screens",
        "",
        "Pictures of the running product, made by `make tour`. The people before the cameras are drawn.",
    ]
    for chapter in CHAPTERS:
        lines += ["", f"## {chapter.title}"]
        for stop in chapter.stops:
            pictures = pictures_of(stop)
            if missing := sorted(set(pictures) - set(taken)):
                raise ValueError(f"the walk did not come by {missing}")
            lines += ["", stop.sentence, ""]
            lines += [f"![{words}](tour/{file})" for file, words in pictures.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
