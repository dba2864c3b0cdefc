"""The demo's camera: it plays the film, and films on until the exam is handed in, as any camera does."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

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
        """Until `end`: after the film its last scene goes on."""
        began_at = datetime.now(UTC)
        for second, jpeg in zip(count(), self._pictures(), strict=False):
            # The film's own time: a busy machine may send late, which must not shift what the camera saw.
            captured_at = began_at + timedelta(seconds=second)
            await asyncio.sleep((captured_at - datetime.now(UTC)).total_seconds())
            if self._is_over:
                return
            await self._camera.frame(jpeg, captured_at)
            self.sent += 1

    def end(self) -> None:
        """Send no further picture."""
        self._is_over = True

    def _pictures(self) -> Iterator[bytes]:
        for scene in self._film.scenes:
            self._say(f"camera: {scene.name} for {scene.seconds} s")
            yield from scene.frames()
        self.is_shown.set()
        last = self._film.scenes[-1]
        yield from (last.frame(second) for second in count(last.seconds))
