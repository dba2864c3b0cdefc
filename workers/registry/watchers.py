"""Watchers by the models their attempts are frozen to: each model once in memory, and only so many of them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from activities.ports import Watcher
from ml.analyst import FrameAnalyst
from ml.build import build_detectors
from ml.detector import Detectors
from ml.model_store import FaceModelMissing, ModelStore, ModelUnreadable
from schema.failures import Failure, FailureType
from schema.registry.card import FrozenModel, ModelType
from schema.task import WatchTask
from workers.registry.likeness import LikenessSource
from workers.registry.loading import Detector, ModelLoader, detectors_of

LOG = logging.getLogger(__name__)

MOST_HELD = 3  # of a type in one process: before a promotion, after it, and one more


@dataclass(slots=True)
class _Held:
    kind: ModelType
    detector: Detector
    users: int = 0


class HeldModels:
    """Models in memory, by hash. One that nobody uses makes room for another; one in use never does."""

    def __init__(self, loader: ModelLoader, most: int = MOST_HELD) -> None:
        self._loader = loader
        self._most = most
        self._held: dict[str, _Held] = {}  # the last is the one used last
        self._one_at_a_time = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._held)

    @asynccontextmanager
    async def hold(self, model: FrozenModel) -> AsyncIterator[Detector]:
        """The detector, for as long as the block runs. Raises CONFLICT."""
        if model.sha256 not in self._held:
            async with self._one_at_a_time:
                await self._load(model)
        held = self._held[model.sha256] = self._held.pop(model.sha256)
        held.users += 1
        try:
            yield held.detector
        finally:
            held.users -= 1

    async def _load(self, model: FrozenModel) -> None:
        if model.sha256 in self._held:
            return
        self._make_room(model)
        detector = await self._loader.load(model)
        LOG.info("loaded %s version %d: %s", model.type, model.version, detector.card)
        self._held[model.sha256] = _Held(model.type, detector)

    def _make_room(self, model: FrozenModel) -> None:
        same = [key for key, held in self._held.items() if held.kind is model.type]
        idle = [key for key in same if not self._held[key].users]
        if len(same) < self._most:
            return
        if not idle:
            said = f"{len(same)} models of {model.type} are in use in this process, of at most {self._most}"
            advice = "it is watched as soon as one is free; another worker process has room for more"
            raise Failure(FailureType.CONFLICT, f"{said}, so version {model.version} has no room: {advice}")
        del self._held[idle[0]]


class RegisteredWatchers:
    """Implements WatcherSource over the registry; attempts frozen to none are watched with the node's own models."""

    def __init__(
        self, own: ModelStore, loader: ModelLoader, likeness: LikenessSource, held: HeldModels | None = None
    ) -> None:
        self._own = own
        self._likeness = likeness
        self._runtime = loader.runtime
        self._held = held or HeldModels(loader)
        self._detectors: Detectors | None = None
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def watching(self, watched: WatchTask) -> AsyncIterator[Watcher]:
        """See WatcherSource."""
        async with AsyncExitStack() as stack:
            if watched.models:
                held = {m.type: await stack.enter_async_context(self._held.hold(m)) for m in watched.models}
                detectors = detectors_of(held)
            else:
                detectors = await self._own_detectors()
            likeness = await self._likeness.of(watched, detectors.faces)
            yield FrameAnalyst(watched.attempt_id, watched.detection, detectors, likeness)

    async def _own_detectors(self) -> Detectors:
        async with self._one_at_a_time:
            if self._detectors is None:
                try:
                    self._detectors = await asyncio.to_thread(build_detectors, self._own, self._runtime)
                except (FaceModelMissing, ModelUnreadable) as error:
                    raise Failure(FailureType.CONFLICT, f"nobody can be watched here: {error}") from error
            return self._detectors
