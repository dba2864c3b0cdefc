"""What an unlucky student meets: a sleeping laptop, a wrong clock, a captive portal, a camera that is not theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from playwright.async_api import Browser, CDPSession, Locator, Page, Playwright, expect

from tests.e2e.browser import Watched, watched
from tests.e2e.network import Network, behind, network
from tests.e2e.stage import Stage, sign_in
from tests.e2e.test_exam import begin, check_in, saved

WITHIN = 3.0  # seconds from a letter's being typed to its being at the server
ELSEWHERE = "This exam is open in another place"

# The page is told another time; performance.now() goes on, as it does on a device whose clock is set.
WRONG_CLOCK = """(() => {
  const Right = Date;
  window.__ahead = AHEAD;
  window.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + window.__ahead); }
    static now() { return Right.now() + window.__ahead; }
  };
})()"""
CAMERA_BUSY = """(() => {
  if (!navigator.mediaDevices) return;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.__free = false;
  window.__name = "NotReadableError";
  navigator.mediaDevices.getUserMedia = (wanted) =>
    window.__free ? open(wanted) : Promise.reject(new DOMException("not now", window.__name));
})()"""
CAMERA_LOST = """() => {
  const [track] = document.querySelector("video").srcObject.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""
# The camera's pictures pass through the page, where another program can take them: the track is then muted, as Chromium
# mutes one whose device gives nothing any more, and opening it again is in vain.
CAMERA_TAKEN = """(() => {
  if (!navigator.mediaDevices) return;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const tracks = [];
  let isTaken = false;
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const [source] = (await open(wanted)).getVideoTracks();
    const track = new MediaStreamTrackGenerator({ kind: "video" });
    Object.defineProperty(track, "muted", { get: () => isTaken });
    const stop = track.stop.bind(track);
    track.stop = () => (stop(), source.stop());
    const passing = new TransformStream({
      transform: (frame, next) => (isTaken ? frame.close() : next.enqueue(frame)),
    });
    const { readable } = new MediaStreamTrackProcessor({ track: source });
    readable.pipeThrough(passing).pipeTo(track.writable).catch(() => undefined);
    tracks.push(track);
    return new MediaStream([track]);
  };
  window.__take = (whether) => {
    isTaken = whether;
    for (const track of tracks) track.dispatchEvent(new Event(whether ? "mute" : "unmute"));
  };
  window.__opened = () => tracks.length;
})()"""
PLUGGED_IN = """() => navigator.mediaDevices.dispatchEvent(new Event("devicechange"))"""


def clock_that_is_wrong(by: timedelta) -> str:
    """An init script."""
    return WRONG_CLOCK.replace("AHEAD", str(round(by.total_seconds() * 1000)))


async def into_the_room(page: Page, stage: Stage, title: str, **policy: Any) -> str:
    """Through sign-in, booking and check-in; the attempt's id."""
    await stage.exam(title, admission="automatic", **policy)
    await sign_in(page, "student@demo.example")
    attempt_id = await check_in(page, title)
    await begin(page)
    return attempt_id


@asynccontextmanager
async def on_a_bad_network(
    playwright: Playwright, film: Any, stage: Stage
) -> AsyncIterator[tuple[Network, Watched]]:
    """A Chromium of its own whose connections all pass through a network that can be hurt."""
    async with (
        network(stage.server) as line,
        behind(playwright, film, line, stage.server) as chromium,
        watched(chromium, stage.server) as person,
    ):
        yield line, person


@asynccontextmanager
async def at_home(browser: Browser, stage: Stage, *scripts: str) -> AsyncIterator[tuple[Watched, Page]]:
    """A context in which these scripts run before each page's own."""
    async with watched(browser, stage.server) as person:
        for script in scripts:
            await person.context.add_init_script(script)
        yield person, await person.page("/sign-in")


async def asleep(session: CDPSession, seconds: float) -> None:
    """The page runs nothing for so long while time goes on, as when a laptop's lid is closed.

    `Page.setWebLifecycleState` freezes hidden pages alone, and those of a test stay visible: its timers went on.
    """
    await session.send("Debugger.enable")
    await session.send("Debugger.pause")
    await asyncio.sleep(seconds)
    await session.send("Debugger.resume")
    await session.send("Debugger.disable")


async def open_question(page: Page, words: str) -> None:
    """The question whose text holds these words, one at a time."""
    for place in range(1, 6):
        await page.get_by_role("navigation", name="Questions").get_by_role("button").nth(place - 1).click()
        await expect(page.get_by_role("heading", name=f"Question {place}")).to_be_visible()
        if await page.get_by_text(words).count():
            return
    raise AssertionError(f"no question asks {words!r}")


async def essay(page: Page) -> Locator:
    """The open field of the essay."""
    await open_question(page, "Why may two clocks")
    return page.get_by_label("Your text")


async def stored_text(stage: Stage, attempt_id: str) -> str:
    """The essay as the server has it."""
    values = (await saved(stage, attempt_id)).values()
    return next((str(value["text"]) for value in values if value and value["kind"] == "text"), "")


async def number_is(stage: Stage, attempt_id: str, expected: str | None) -> None:
    """Return once the server has this number, or none. Raises AssertionError."""
    found: str | None = None
    for _ in range(100):
        values = (await saved(stage, attempt_id)).values()
        found = next((str(value["value"]) for value in values if value and value["kind"] == "number"), None)
        if found == expected:
            break
        await asyncio.sleep(0.1)
    assert found == expected


async def is_stored(stage: Stage, attempt_id: str, text: str, seconds: float) -> float:
    """How long the server took to have this essay, looked at ten times a second. Raises AssertionError."""
    begun = asyncio.get_running_loop().time()
    found = ""
    for _ in range(round(seconds * 10)):
        found = await stored_text(stage, attempt_id)
        if found == text:
            break
        await asyncio.sleep(0.1)
    assert found == text, f"after {seconds} s the server has {found[-60:]!r}, typed was {text[-60:]!r}"
    return asyncio.get_running_loop().time() - begun


async def incidents(stage: Stage, attempt_id: str) -> list[dict[str, Any]]:
    path = f"/api/monitoring/attempts/{attempt_id}/incidents"
    return list((await stage.people["admin"].get(path))["items"])


async def accused_of(stage: Stage, attempt_id: str) -> set[str]:
    """The kinds of incidents that count against the student, apart from those that the camera's film plays."""
    played = {"face_absent", "multiple_faces", "forbidden_object", "looking_away"}
    scored = [one for one in await incidents(stage, attempt_id) if one["severity"] != "technical"]
    return {one["kind"] for one in scored} - played


async def connected(page: Page) -> None:
    """The room says so; what it says may be left from before, so it is looked at twice."""
    await expect(page.get_by_text("Connected").first).to_be_visible(timeout=60_000)
