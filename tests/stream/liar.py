"""Students' cameras, honest and not, over the public stream: what each sends for a while before it hands in."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from api.demo.camera import Camera
from api.demo.film import Scene

SECONDS = 26
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LOOP = 6  # pictures

Sends = Callable[[Camera, Scene], Awaitable[None]]
Claims = Callable[[datetime, int], datetime]


async def nothing(camera: Camera, scene: Scene) -> None:
    """Connects and sends no picture."""
    await asyncio.sleep(SECONDS / 2)


async def one_picture(camera: Camera, scene: Scene) -> None:
    """Then the connection stays, and answers."""
    await camera.frame(scene.frame(0))
    await asyncio.sleep(SECONDS)


async def a_still(camera: Camera, scene: Scene) -> None:
    """The same picture each second."""
    await _film(camera, [scene.frame(0)] * SECONDS)


async def a_loop(camera: Camera, scene: Scene) -> None:
    """A film of a few seconds, again and again."""
    await _film(camera, [scene.frame(second % LOOP) for second in range(SECONDS)])


async def frozen_times(camera: Camera, scene: Scene) -> None:
    """New pictures, all of the same moment."""
    began = datetime.now(UTC)
    await _film(camera, _live(scene), lambda _, __: began)


async def jumping_times(camera: Camera, scene: Scene) -> None:
    """New pictures, by turns of now and of a minute ago."""
    await _film(camera, _live(scene), lambda at, place: at - MINUTE * (place % 2))


async def honest(camera: Camera, scene: Scene) -> None:
    """New pictures at their times, over a network that drops the connection twice."""
    began = datetime.now(UTC)
    for place, jpeg in enumerate(_live(scene)):
        await _at(began, place)
        if place in {8, 16}:
            await camera.drop()
        await camera.frame(jpeg, began + place * SECOND)
    await camera.drained()


async def _film(camera: Camera, shown: list[bytes], claims: Claims = lambda at, _: at) -> None:
    began = datetime.now(UTC)
    for place, jpeg in enumerate(shown):
        await _at(began, place)
        await camera.frame(jpeg, claims(began + place * SECOND, place))
    await camera.drained()


def _live(scene: Scene) -> list[bytes]:
    return [scene.frame(second) for second in range(SECONDS)]


async def _at(began: datetime, second: int) -> None:
    await asyncio.sleep(max(0.0, (began + second * SECOND - datetime.now(UTC)).total_seconds()))
