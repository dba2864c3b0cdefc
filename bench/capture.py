"""What capture costs a student's machine: processor time of every thread of Chromium, in the exam room itself.

`python -m bench.capture`: starts the product, brings a student into the room with a camera that plays a film, and
measures the same room in turn with no camera, with the camera shown and nothing recorded, and as it is. Prints a
table and writes bench/results/capture.json. It needs Chromium and the sample media, as the browser's tests do.
"""

# ruff: noqa: T201 - a benchmark talks to people on the terminal

import argparse
import asyncio
import json
import os
import platform
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.async_api import Browser, CDPSession, Page, async_playwright, expect

from api.demo.film import open_film
from bench.capture_cost import Cost, added, per_second, read_cost
from schema.settings import Settings
from tests.e2e.browser import launch, watched
from tests.e2e.camera_film import write_film
from tests.e2e.stage import Stage, set_stage, sign_in
from tests.e2e.test_exam import begin, check_in
from tests.product.product import running_product

RESULT = Path(__file__).parent / "results" / "capture.json"
MODES = ("no camera", "camera shown", "recording")
MAIN = "renderer: main thread"
LEAST_SHOWN = 0.05
LEAST_RATE = 0.7  # pictures a second; one is asked for
SETTLE = 6.0  # seconds until what a page does at its start is over
# The room is the product's; only the browser's own functions are taken from it, before its modules run.
LIMIT = """
const mode = location.protocol === "http:" ? localStorage.getItem("bench-capture") : null; // not in about:blank
if (mode === "no camera") {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("off", "NotFoundError"));
}
if (mode === "camera shown") {
  delete window.MediaStreamTrackProcessor;
  window.createImageBitmap = () => Promise.reject(new DOMException("off", "InvalidStateError"));
}
"""


@dataclass(frozen=True, slots=True)
class Given:
    """How often and how long."""

    rounds: int
    seconds: float


def main() -> None:
    """All modes, alternating, and their differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    figures = asyncio.run(_measured(Given(given.rounds, given.seconds)))
    _report(figures, given.seconds)


async def _measured(given: Given) -> dict[str, list[Cost]]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        film = write_film(open_film(Settings(_env_file=None).sample_media_dir), folder / "camera.mjpeg")
        async with running_product(folder, demo_accounts=True) as product, async_playwright() as playwright:
            stage = await set_stage(product)
            browser = await launch(playwright, film)
            figures = await _in_the_room(stage, browser, given)
            await browser.close()
            await stage.leave()
            return figures


async def _in_the_room(stage: Stage, browser: Browser, given: Given) -> dict[str, list[Cost]]:
    await stage.exam("Measured", admission="automatic")
    figures: dict[str, list[Cost]] = defaultdict(list)
    async with watched(browser, stage.server) as person:
        await person.context.add_init_script(LIMIT)
        page = await person.page("/sign-in")
        await sign_in(page, "student@demo.example")
        attempt_id = await check_in(page, "Measured")
        await begin(page)
        session = await browser.new_browser_cdp_session()
        for _ in range(given.rounds):
            for mode in MODES:
                await _enter(page, mode)
                before = await _pictures(stage, attempt_id)
                figures[mode].append(await _cost(session, given.seconds))
                taken = await _pictures(stage, attempt_id) - before
                _check(mode, taken, given.seconds)
        await stage.command("student", attempt_id, "submit")
    return figures


async def _pictures(stage: Stage, attempt_id: str) -> int:
    found = await stage.people["proctor"].get(f"/api/monitoring/attempts/{attempt_id}/frames", limit=2000)
    return len(found["items"])


def _check(mode: str, taken: int, seconds: float) -> None:
    """A figure counts only if pictures were recorded where they should be, and nowhere else."""
    wanted = seconds * LEAST_RATE if mode == "recording" else 0.0
    if taken < wanted or (taken > 1 and mode != "recording"):
        raise RuntimeError(
            f"{taken} pictures arrived in {seconds} seconds of {mode!r}; look at the room first"
        )


async def _enter(page: Page, mode: str) -> None:
    await page.evaluate("(mode) => localStorage.setItem('bench-capture', mode)", mode)
    await page.reload()
    await expect(page.get_by_text("Connected").first).to_be_visible(timeout=30_000)
    await asyncio.sleep(SETTLE)


async def _cost(session: CDPSession, seconds: float) -> Cost:
    """Processor seconds in each second, by process and thread."""
    before, began = await _processes(session), asyncio.get_running_loop().time()
    start = read_cost(before)
    await asyncio.sleep(seconds)
    end, took = read_cost(before), asyncio.get_running_loop().time() - began
    return per_second(start, end, took)


async def _processes(session: CDPSession) -> list[int]:
    found = await session.send("SystemInfo.getProcessInfo")
    return [int(process["id"]) for process in found["processInfo"]]


def _report(figures: dict[str, list[Cost]], seconds: float) -> None:
    middle = {mode: _median(costs) for mode, costs in figures.items()}
    more = added(middle["camera shown"], middle["recording"])
    preview = added(middle["no camera"], middle["camera shown"])
    _print_table(middle, more)
    sums = {
        "all that grew": sum(max(0.0, share) for share in more.values()),
        "all": sum(more.values()),
        "page": sum(share for place, share in more.items() if place.startswith("renderer")),
        "main thread": more.get(MAIN, 0.0),
    }
    for place, share in sums.items():
        print(f"recording adds, {place}: {100 * share:.2f} % of a core")
    print(f"showing the camera adds {100 * sum(preview.values()):.2f} %")
    result = {
        "recording_adds": _percent({**sums, **more}),
        "showing_the_camera_adds": _percent({"all": sum(preview.values()), **preview}),
        "percent_of_a_core": {mode: _percent(cost) for mode, cost in middle.items()},
        "rounds": {
            mode: [_percent({"all": sum(cost.values())}) for cost in costs] for mode, costs in figures.items()
        },
        "seconds": seconds,
        "cores": os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()],
        "platform": platform.platform(),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def _print_table(middle: dict[str, Cost], more: Cost) -> None:
    print(f"{'percent of a core':44}{'no camera':>11}{'shown':>11}{'recording':>11}{'added':>9}")
    for place in sorted(more, key=lambda place: -more[place]):
        row = [100 * middle[mode].get(place, 0.0) for mode in MODES]
        if max(row) >= LEAST_SHOWN:
            print(f"{place:44}{row[0]:11.2f}{row[1]:11.2f}{row[2]:11.2f}{100 * more[place]:9.2f}")


def _median(costs: list[Cost]) -> Cost:
    places = {place for cost in costs for place in cost}
    return {place: median(cost.get(place, 0.0) for cost in costs) for place in sorted(places)}


def _percent(cost: Cost) -> dict[str, float]:
    return {place: round(100 * share, 3) for place, share in cost.items() if round(100 * share, 3)}


if __name__ == "__main__":
    main()
