"""The demo's camera: it plays the film, and films on until the exam is handed in, as any camera does."""

import asyncio
from collections.abc import Callable, Iterator

from api.demo.camera import Camera
from api.demo.film import Film


class Filming:
    """A picture a second. `sent` counts them; `is_shown` is set once the whole film was."""

    def __init__(self, camera: Camera, film: Film, say: Callable[[str], None]) -> None:
        self.sent = 0
        self.is_shown = asyncio.Event()
        self._camera = camera
        self._film = film
        self._say = say
        self._is_over = False

    async def run(self) -> None:
        """Until `end`: after the film its last picture, again and again."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        for jpeg in self._pictures():
            if self._is_over:
                return
            await self._camera.frame(jpeg)
            self.sent += 1
            due += 1
            await asyncio.sleep(max(0.0, due - loop.time()))

    def end(self) -> None:
        """Send no further picture."""
        self._is_over = True

    def _pictures(self) -> Iterator[bytes]:
        jpeg = b""
        for scene in self._film.scenes:
            self._say(f"camera: {scene.name} for {scene.seconds} s")
            for jpeg in scene.frames():
                yield jpeg
        self.is_shown.set()
        while True:
            yield jpeg
