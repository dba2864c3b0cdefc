"""A damaged model is told at readiness, on the system page, on the wall and by the doctor; reserving goes on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.adapters.files import FileStore
from activities.registry.registry import ModelRegistry
from api.monitoring.presence import Health, HealthReason, HealthTrouble, with_models
from api.registry import Models
from schema.ids import new_id
from schema.registry.card import ModelType
from schema.settings import Settings
from schema.stream import Presence
from tests.registry.model import added, promotion
from workers.doctor import detection
from workers.doctor.finding import State

NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, var_dir=tmp_path / "var", models_dir=tmp_path / "models")


async def registered(settings: Settings) -> None:
    registry = ModelRegistry(FileStore(settings.lake_dir))
    for name, kind in ((b"one", ModelType.OBJECTS), (b"two", ModelType.FACES)):
        await registry.promote(promotion((await added(registry, name, kind)).model))


async def test_an_attempt_is_frozen_to_what_is_promoted(settings: Settings) -> None:
    models = Models(FileStore(settings.lake_dir), settings.models_dir)
    before = await models.promoted()
    await registered(settings)
    after = await Models(FileStore(settings.lake_dir), settings.models_dir).promoted()

    assert (before.models, before.version) == ((), "unknown: `make models` has not run here")
    assert [(one.type, one.version) for one in after.models] == [("faces", 1), ("objects", 1)]
    assert after.version == "model two + model one"


async def test_damage_is_told_by_doctor_and_api(settings: Settings) -> None:
    await registered(settings)
    whole = await Models(FileStore(settings.lake_dir), settings.models_dir).troubles()
    good = [one for one in await detection.check(settings) if one.subject == "registry"]
    (settings.lake_dir / "ml/models/objects/model_v1_openvino/m.bin").write_bytes(b"oni")

    troubles = await Models(FileStore(settings.lake_dir), settings.models_dir).troubles()
    bad = [one for one in await detection.check(settings) if one.subject == "registry"]

    assert (whole, [one.state for one in good]) == ([], [State.GOOD])
    assert "objects version 1 cannot be used" in troubles[0]
    assert [(one.state, one.said) for one in bad] == [(State.BAD, troubles[0])]


@pytest.mark.parametrize("why", list(HealthTrouble))
def test_the_wall_names_the_model_where_nobody_watches(why: HealthTrouble) -> None:
    health = Health(
        attempt_id=new_id(),
        presence=Presence.ONLINE,
        last_record_at=NOW,
        interval_ms=1000,
        analysed_at=NOW,
        lag_seconds=60.0,
        is_healthy=False,
        troubles=["why"],
        reasons=[HealthReason(trouble=why)],
    )

    told = with_models(health, ["the model is damaged"])

    unwatched = why in {HealthTrouble.UNASSIGNED, HealthTrouble.STOPPED, HealthTrouble.BEHIND}
    assert told.troubles == (["why", "the model is damaged"] if unwatched else ["why"])
    assert told.reasons[-1].trouble is (HealthTrouble.MODEL if unwatched else why)
