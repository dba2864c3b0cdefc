"""`python -m tests.e2e.tour`: starts the product, walks, and writes docs/tour/ and docs/tour.md."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright
from rich.console import Console

from tests.e2e.browser import launch
from tests.e2e.camera_film import write_film
from tests.e2e.stage import Stage, set_stage
from tests.e2e.tour.drawn import film
from tests.e2e.tour.figure import leave_figures
from tests.e2e.tour.page import write_page
from tests.e2e.tour.picture import Photographer
from tests.e2e.tour.walk import walk
from tests.product.product import running_product

DOCS = Path(__file__).parents[3] / "docs"


@asynccontextmanager
async def ready() -> AsyncIterator[tuple[Stage, Browser]]:
    """A product of its own, and a browser whose camera shows drawn people."""
    with tempfile.TemporaryDirectory() as folder:
        camera = write_film(film(), Path(folder) / "camera.mjpeg")
        async with (
            running_product(Path(folder), demo_accounts=True) as product,
            async_playwright() as running,
        ):
            browser = await launch(running, camera)
            stage = await set_stage(product)
            yield stage, browser
            await stage.leave()
            await browser.close()


async def main(folder: Path) -> None:
    """Walk with a camera. Raises AssertionError where a screen does not show what it should."""
    photographer = Photographer(folder / "tour")
    async with ready() as (stage, browser):

        async def visit(name: str, page: Page) -> None:
            await photographer.visit(name, page)
            if name == "home-admin":  # all exams are there, and the dashboards come later
                await leave_figures(stage)

        await walk(stage, browser, visit, color_scheme="light")
    write_page(folder / "tour.md", photographer.taken)
    Console().print(
        f"{len(photographer.taken)} pictures, {photographer.size / 1e6:.1f} MB, in {folder / 'tour'}"
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS))
