"""Photographs the stops."""

import io
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from tests.e2e.tour.page import pictures_of
from tests.e2e.tour.stop import STOPS

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
LONGEST = 1_800  # pixels of a picture's height: more of a long list says no more
QUALITY = 82
TO_THE_TOP = (
    "() => { scrollTo(0, 0); document.querySelectorAll('.pane').forEach((one) => one.scrollTo(0, 0)); }"
)
OF_NAME = {stop.name: stop for stop in STOPS}


class Photographer:
    """`taken` are the file names so far, `size` their bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[str] = []
        self.size = 0
        folder.mkdir(parents=True, exist_ok=True)

    async def visit(self, name: str, page: Page) -> None:
        """All pictures of a stop."""
        for file in pictures_of(OF_NAME[name]):
            await page.set_viewport_size(NARROW if file.endswith("-320.webp") else WIDE)  # type: ignore[arg-type]
            await page.emulate_media(color_scheme="dark" if file.endswith("-dark.webp") else "light")
            await self._take(file, page)
        await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        await page.emulate_media(color_scheme="light")

    async def _take(self, file: str, page: Page) -> None:
        await page.evaluate(TO_THE_TOP)
        has_dialog = await page.locator("dialog[open]").count() > 0
        data = await page.screenshot(full_page=not has_dialog, animations="disabled")
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        picture = picture.crop((0, 0, picture.width, min(picture.height, LONGEST)))
        picture.save(self.folder / file, "WEBP", quality=QUALITY, method=6)
        self.taken.append(file)
        self.size += (self.folder / file).stat().st_size
