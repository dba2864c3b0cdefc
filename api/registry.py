"""What the registry says to API nodes: which models new attempts are frozen to, and whether these are whole."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Generic, TypeVar

from activities.ports import ObjectStore
from activities.registry.registry import ModelRegistry
from schema.failures import Failure
from schema.incident import DetectionPolicy
from schema.registry.calibration import calibrated
from schema.registry.card import FrozenModel, RegistryCard
from schema.version import UNKNOWN_MODELS, VERSION_FILE

LOG = logging.getLogger(__name__)
T = TypeVar("T")

PATIENCE = timedelta(seconds=2)  # a lake that is away keeps nobody from reserving
PROMOTED_FOR = timedelta(seconds=5)
WHOLE_FOR = timedelta(seconds=15)
UNREACHABLE = "the registry of models does not answer: whether the models are whole is not known"


@dataclass(frozen=True, slots=True)
class Promoted:
    """What new attempts are watched with. `models` is empty without a registry: then each node uses its own."""

    models: tuple[FrozenModel, ...] = ()
    cards: tuple[RegistryCard, ...] = ()
    line: str | None = None

    @property
    def version(self) -> str:
        """Names, versions and hashes in one line, or that they are unknown."""
        return self.line or UNKNOWN_MODELS

    def policy(self, policy: DetectionPolicy) -> DetectionPolicy:
        """The exam's thresholds with those that these models bring."""
        return calibrated(policy, [card.origin.thresholds for card in self.cards])


class Models:
    """Reads the registry, and remembers the answer for some seconds; one that does not answer changes nothing."""

    def __init__(self, store: ObjectStore, models_dir: Path) -> None:
        self._registry = ModelRegistry(store)
        self._models_dir = models_dir
        self._promoted = _Remembered(self._read, Promoted(), PROMOTED_FOR)
        self._troubles = _Remembered[Sequence[str]](self._look, (), WHOLE_FOR)

    async def promoted(self) -> Promoted:
        """What an attempt that is reserved now is frozen to."""
        found = await self._promoted.now()
        if found.models:
            return found
        return Promoted(line=await asyncio.to_thread(_noted, self._models_dir))

    async def troubles(self) -> Sequence[str]:
        """What is wrong with promoted models, in words; empty where they are whole."""
        found = await self._troubles.now()
        return found if self._troubles.is_known else (UNREACHABLE,)

    async def _read(self) -> Promoted:
        models = await self._registry.promoted()
        cards = [await self._registry.card(one.type, one.version) for one in models]
        return Promoted(models, tuple(cards), " + ".join(one.line for one in models) or None)

    async def _look(self) -> Sequence[str]:
        try:
            return await self._registry.troubles()
        except Failure as failure:
            if failure.is_retryable:
                raise
            return (failure.message,)


class _Remembered(Generic[T]):
    def __init__(self, ask: Callable[[], Awaitable[T]], unknown: T, keep: timedelta) -> None:
        self._ask = ask
        self._answer = unknown
        self._keep = keep.total_seconds()
        self._asked_at: float | None = None
        self._one_at_a_time = asyncio.Lock()
        self.is_known = False

    async def now(self) -> T:
        """The last answer, asked for again when it is old; the one before where none comes in time."""
        async with self._one_at_a_time:
            if self._asked_at is None or time.monotonic() - self._asked_at >= self._keep:
                await self._refresh()
                self._asked_at = time.monotonic()
        return self._answer

    async def _refresh(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                self._answer = await self._ask()
            self.is_known = True
        except (Failure, OSError, TimeoutError) as trouble:
            self.is_known = False
            LOG.warning("the registry of models: %s", str(trouble) or "no answer in time")


def _noted(models: Path) -> str | None:
    file = models / VERSION_FILE
    return file.read_text().strip() if file.is_file() else None
