"""Every screen is in the tour, and the tour's page shows every picture."""

import re
from pathlib import Path

from api.pages.page import PAGES
from tests.e2e.tour.page import pictures_of
from tests.e2e.tour.stop import CHAPTERS, STOPS

DOCS = Path(__file__).parent.parent / "docs"
MOST_BYTES = 4_000_000


def test_the_tour_comes_by_every_screen() -> None:
    assert {stop.module for stop in STOPS} == {page.module for page in PAGES}
    assert len({stop.name for stop in STOPS}) == len(STOPS)


def test_its_page_shows_every_picture_with_its_sentence() -> None:
    page = (DOCS / "tour.md").read_text(encoding="utf-8")
    shown = {file: words for words, file in re.findall(r"!\[([^\]]+)\]\(tour/([^)]+)\)", page)}

    assert shown == {file: words for stop in STOPS for file, words in pictures_of(stop).items()}
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == [
        one.title for one in CHAPTERS
    ]
    assert {path.name for path in (DOCS / "tour").iterdir()} == set(shown)


def test_the_pictures_are_light() -> None:
    assert sum(path.stat().st_size for path in (DOCS / "tour").iterdir()) < MOST_BYTES
