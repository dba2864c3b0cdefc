"""One product and one Chromium for all tests of this folder."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright

from api.demo.film import open_film
from schema.settings import Settings
from tests.e2e.browser import launch
from tests.e2e.camera_film import write_film
from tests.e2e.stage import Stage, set_stage
from tests.product.product import running_product

# The people of the stage sign in once, and all tests together may take longer than a token usually lives.
SIGNED_IN = timedelta(hours=3)
# A browser and a product on a busy machine stand still for seconds: these tests are about other things than outages.
SETTINGS: dict[str, Any] = {
    "demo_accounts": True,
    "access_token_life": SIGNED_IN,
    "outage_tolerance": timedelta(minutes=1),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(480))


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    folder = tmp_path_factory.mktemp("screens")
    async with running_product(folder, **SETTINGS) as product:
        stage = await set_stage(product)
        yield stage
        await stage.leave()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera shows: the demo's scenes."""
    scenes = open_film(Settings(_env_file=None).sample_media_dir)
    return write_film(scenes, tmp_path_factory.mktemp("film") / "camera.mjpeg")


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser(playwright: Playwright, film: Path) -> AsyncIterator[Browser]:
    chromium = await launch(playwright, film)
    yield chromium
    await chromium.close()
