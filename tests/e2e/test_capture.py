"""What the room makes of cameras of any proportions, in a real browser: nothing is squeezed, and a face is found."""

import base64
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.async_api import Playwright

from api.demo.film import open_film
from ml.build import build_detectors
from ml.frame import Pixels, decode, encode
from ml.model_store import ModelStore
from schema.frame.facts import facts_of
from schema.settings import Settings
from tests.e2e.browser import launch
from tests.e2e.camera_film import PLAYED_PER_SECOND

pytestmark = pytest.mark.asyncio(loop_scope="package")

STATIC = Path(__file__).parents[2] / "api" / "static"
SHAPES = {"9:16": (270, 480), "16:9": (640, 360), "4:3": (640, 480), "1:1": (480, 480)}
CAPTURE = """
async () => {
  const { openCamera } = await import("/core/camera.js");
  const { letterbox } = await import("/room/letterbox.js");
  const { cameraFacts, pageFacts } = await import("/room/facts.js");
  const { withFacts } = await import("/room/wire.js");
  const stream = await openCamera();
  const { readable } = new MediaStreamTrackProcessor({ track: stream.getVideoTracks()[0] });
  const { value } = await readable.getReader().read();
  const canvas = new OffscreenCanvas(640, 480);
  const drawn = letterbox(value, canvas);
  value.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
  const facts = { ...pageFacts(), ...(await cameraFacts("attempt", stream)), drawn };
  const bytes = new Uint8Array(withFacts(await blob.arrayBuffer(), facts));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
"""

# How far records are ahead of the device's clock, in seconds, and whether each is later than the one before.
RECORDED = """
async () => {
  const { learn } = await import("/core/server-clock.js");
  const { followServer, recordTime } = await import("/room/record-time.js");
  const hears = (seconds) => learn(new Date(Date.now() + 1000 * seconds).toISOString(), performance.now() - 20);
  const made = () => [recordTime(), recordTime()];
  hears(3600);
  const before = made();
  hears(0);  // within a connection its records go on
  const within = made();
  followServer();  // the node was started again, after its clock was set back
  const after = made();
  hears(3600);
  followServer();
  const ahead = made();
  const apart = [before, within, after, ahead].map(([one]) => Math.round((one - Date.now()) / 1000));
  const rises = [[...before, ...within], after, ahead].every((all) => all.every((at, n) => !n || at > all[n - 1]));
  return [apart, rises];
}
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The screens' modules by themselves: no product is needed to open a camera."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=STATIC)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def person() -> Pixels:
    """Somebody before a camera, from the demo's film."""
    frames = open_film(Settings(_env_file=None).sample_media_dir).scenes[0].frames()
    pixels = decode(next(iter(frames)))
    assert pixels is not None
    return pixels


def cropped(picture: Pixels, width: int, height: int) -> Pixels:
    rows, columns = picture.shape[:2]
    top, left = (rows - height) // 2, (columns - width) // 2
    return np.ascontiguousarray(picture[top : top + height, left : left + width])


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_camera_of_any_shape_is_kept_in_its_proportions(
    playwright: Playwright, address: str, person: Pixels, tmp_path: Path, shape: str
) -> None:
    width, height = SHAPES[shape]
    film = tmp_path / "camera.mjpeg"
    film.write_bytes(encode(cropped(person, width, height)) * PLAYED_PER_SECOND)
    chromium = await launch(playwright, film)
    page = await chromium.new_page()
    await page.goto(f"{address}/icon.svg")
    jpeg = base64.b64decode(await page.evaluate(CAPTURE))
    await chromium.close()

    facts, seen = facts_of(jpeg), decode(jpeg)
    assert facts is not None
    assert facts.drawn is not None
    assert seen is not None
    assert seen.shape == (480, 640, 3)
    assert facts.drawn[0] / facts.drawn[1] == pytest.approx(width / height, rel=0.03)
    assert facts.is_visible is True
    assert len(facts.device or "") == 16
    bars = cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY)
    side, top = (640 - facts.drawn[0]) // 2, (480 - facts.drawn[1]) // 2
    assert bars[:, : max(0, side - 8)].max(initial=0) < 20
    assert bars[: max(0, top - 8)].max(initial=0) < 20
    settings = Settings(_env_file=None)
    detectors = build_detectors(ModelStore(settings.models_dir, settings.sample_media_dir))
    assert len([face for face in detectors.faces.faces(seen) if face.score >= 0.6]) == 1


async def test_records_of_a_new_connection_follow_a_server_whose_clock_was_set_back(
    playwright: Playwright, address: str
) -> None:
    chromium = await launch(playwright)
    page = await chromium.new_page()
    await page.goto(f"{address}/icon.svg")
    apart, rises = await page.evaluate(RECORDED)
    await chromium.close()

    assert apart == [3600, 3600, 0, 3600]
    assert rises
