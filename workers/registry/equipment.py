"""The registry as the settings have it: which store, which models of the node's own, which folder for copies."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from activities.ports import ObjectStore
from activities.registry.registry import ModelRegistry
from ml.model_store import ModelStore
from schema.failures import Failure
from schema.settings import Settings

if TYPE_CHECKING:
    from workers.registry.watchers import RegisteredWatchers

LOG = logging.getLogger(__name__)
REGISTERING = timedelta(seconds=20)  # a store that is away must not keep attempts from being watched


def own_models(settings: Settings) -> ModelStore:
    """What `make models` has put in place on this node."""
    return ModelStore(settings.models_dir, settings.sample_media_dir)


def watchers(settings: Settings, store: ObjectStore) -> "RegisteredWatchers":
    """The watchers of one process."""
    from workers.registry.likeness import LikenessSource
    from workers.registry.loading import ModelLoader
    from workers.registry.watchers import RegisteredWatchers

    own, copies = own_models(settings), settings.var_dir / "models"
    loader = ModelLoader(ModelRegistry(store), own, copies, settings.detection_runtime)
    return RegisteredWatchers(own, loader, LikenessSource(store))


async def register_quietly(settings: Settings, store: ObjectStore) -> None:
    """Register the node's own models at their first use; where that fails, detection works without a registry."""
    from workers.registry.default import register_own

    try:
        async with asyncio.timeout(REGISTERING.total_seconds()):
            await register_own(ModelRegistry(store), own_models(settings), datetime.now(UTC))
    except (Failure, TimeoutError) as trouble:
        LOG.warning(
            "the node's models are not registered: %s", str(trouble) or "the store did not answer in time"
        )
