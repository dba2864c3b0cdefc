"""A promotion changes no running attempt: one process watches with both versions, and with no more than it may."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from activities.adapters.files import FileStore
from activities.registry.registry import ModelRegistry
from ml.analyst import FrameAnalyst
from ml.model_store import FACE_FILE, ModelStore
from schema.failures import Failure
from schema.ids import new_id
from schema.registry.card import FrozenModel, ModelType
from schema.settings import Settings
from schema.task import WatchTask
from tests.registry.model import AT, ORIGIN, nudged, promotion
from tests.stream.task import watch_task
from workers.registry.default import add_model, register_own
from workers.registry.equipment import watchers
from workers.registry.loading import Detector, ModelLoader
from workers.registry.watchers import HeldModels, RegisteredWatchers


@pytest.fixture
def settings(tmp_path: Path, store: ModelStore, yolo: Path) -> Settings:
    """The node's own models under MODELS_DIR, and an empty lake."""
    models = tmp_path / "models"
    (models / FACE_FILE).parent.mkdir(parents=True)
    (models / FACE_FILE).write_bytes(store.face_model().read_bytes())
    (models / yolo.name).symlink_to(yolo)
    return Settings(
        _env_file=None, var_dir=tmp_path / "var", models_dir=models, sample_media_dir=tmp_path / "none"
    )


def a_task(models: Sequence[FrozenModel]) -> WatchTask:
    return watch_task(new_id()).model_copy(update={"models": tuple(models)})


async def said_by(source: RegisteredWatchers, models: Sequence[FrozenModel]) -> str:
    """The models that an incident of this watcher would name."""
    async with source.watching(a_task(models)) as watcher:
        assert isinstance(watcher, FrameAnalyst)
        return watcher.model_version


async def test_attempts_of_both_versions_are_watched_in_one_process(
    settings: Settings, yolo: Path, tmp_path: Path
) -> None:
    registry = ModelRegistry(FileStore(settings.lake_dir))
    source = watchers(settings, FileStore(settings.lake_dir))
    await register_own(registry, ModelStore(settings.models_dir), AT)
    before = await registry.promoted()

    async with source.watching(a_task(before)) as running:
        second = await add_model(registry, ModelType.OBJECTS, nudged(yolo, tmp_path / "two", 9), ORIGIN)
        await registry.promote(promotion(second.model))
        after = await registry.promoted()
        new = await said_by(source, after)
        assert isinstance(running, FrameAnalyst)
        old = running.model_version

    assert [one.version for one in after] == [1, 2]
    assert before[1].sha256[:12] in old
    assert second.model.sha256[:12] in new
    assert second.model.sha256[:12] not in old
    assert await said_by(source, before) == old
    assert await said_by(source, ()) == old


async def test_the_nodes_own_models_are_registered_once_and_never_replace_a_promotion(
    settings: Settings, yolo: Path, tmp_path: Path
) -> None:
    registry = ModelRegistry(FileStore(settings.lake_dir))
    own = ModelStore(settings.models_dir)
    first = await register_own(registry, own, AT)
    assert await register_own(registry, own, AT + timedelta(days=1)) == first

    (settings.models_dir / yolo.name).unlink()
    nudged(yolo, settings.models_dir / yolo.name, 5)
    objects, _faces = await register_own(registry, own, AT)

    assert objects.model.version == 2
    assert (await registry.promotions(ModelType.OBJECTS)).current == first[0].model


async def test_a_model_that_is_damaged_everywhere_is_said_and_one_whole_copy_is_enough(
    settings: Settings, yolo: Path, tmp_path: Path
) -> None:
    store = FileStore(settings.lake_dir)
    registry = ModelRegistry(store)
    await register_own(registry, ModelStore(settings.models_dir), AT)
    models = await registry.promoted()
    (in_lake,) = settings.lake_dir.rglob("*.bin")
    whole = in_lake.read_bytes()
    in_lake.write_bytes(whole[:-1])
    by_own = await said_by(watchers(settings, store), models)

    (settings.models_dir / yolo.name).unlink()
    with pytest.raises(Failure, match=r"objects version 1 cannot be used: .* is damaged"):
        await said_by(watchers(settings, store), models)
    in_lake.write_bytes(whole)
    by_lake = await said_by(watchers(settings, store), models)
    in_lake.unlink()

    assert by_own == by_lake == await said_by(watchers(settings, store), models), "by the checked copy"


class CountingLoader(ModelLoader):
    """Loads nothing, and counts."""

    def __init__(self) -> None:
        self.loads: list[int] = []

    async def load(self, model: FrozenModel) -> Detector:
        """The same painted detector for every model."""
        from tests.ml.painted import PaintedObjects

        self.loads.append(model.version)
        return PaintedObjects()


def frozen(version: int) -> FrozenModel:
    return FrozenModel(type=ModelType.OBJECTS, version=version, sha256=f"{version}", line=f"model {version}")


async def test_models_in_memory_are_few_and_idle_ones_make_room() -> None:
    loader = CountingLoader()
    held = HeldModels(loader, most=2)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(held.hold(frozen(1)))
        await stack.enter_async_context(held.hold(frozen(1)))
        await stack.enter_async_context(held.hold(frozen(2)))
        with pytest.raises(Failure, match="2 models of objects are in use in this process, of at most 2"):
            async with held.hold(frozen(3)):
                pass
    async with held.hold(frozen(3)), held.hold(frozen(2)):
        pass

    assert loader.loads == [1, 2, 3]
    assert len(held) == 2
