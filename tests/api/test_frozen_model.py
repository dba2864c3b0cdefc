"""Reserving freezes the promoted models; a damaged one is told at readiness and takes no node away."""

from uuid import UUID

import pytest

from activities.registry.registry import ModelRegistry
from api.registry import Models
from schema.ids import attempt_workflow_id
from schema.lifecycle import AttemptInput
from schema.registry.card import ModelType
from schema.role import Role
from tests.api.house import House
from tests.api.test_attempt_flow import reserved
from tests.registry.model import added, promotion

pytestmark = pytest.mark.temporal


async def frozen(house: House, attempt_id: str) -> AttemptInput:
    """What the attempt's workflow was started with."""
    client = house.context.temporal
    history = await client.get_workflow_handle(attempt_workflow_id(UUID(attempt_id))).fetch_history()
    started = history.events[0].workflow_execution_started_event_attributes
    (about,) = await client.data_converter.decode(list(started.input.payloads), [AttemptInput])
    assert isinstance(about, AttemptInput)
    return about


def look_again(house: House) -> None:
    """As after the seconds for which a node remembers what the registry said."""
    house.context.keep(Models, Models(house.context.store, house.context.settings.models_dir))


async def test_a_promotion_changes_only_what_is_reserved_after_it(live: House) -> None:
    registry = ModelRegistry(live.context.store)
    faces = await added(registry, b"faces", ModelType.FACES)
    one, two = await added(registry, b"one"), await added(registry, b"two")
    for card in (one, faces):
        await registry.promote(promotion(card.model))
    student, other = await live.person(Role.STUDENT), await live.person(Role.STUDENT)
    before = await reserved(live, student)
    await registry.promote(promotion(two.model))
    look_again(live)
    after = await reserved(live, other)

    assert (await frozen(live, before)).models == (faces.model, one.model)
    assert (await frozen(live, after)).models == (faces.model, two.model)
    assert (await frozen(live, after)).model_version == "model faces + model two"


async def test_a_damaged_model_is_told_at_readiness(live: House) -> None:
    registry = ModelRegistry(live.context.store)
    await registry.promote(promotion((await added(registry, b"one")).model))
    look_again(live)
    whole = (await live.client.get("/readyz")).json()
    await live.context.store.delete("ml/models/objects/model_v1_openvino/m.bin")
    look_again(live)

    answer = await live.client.get("/readyz")

    assert (whole["checks"]["models"], whole["troubles"]) == (True, [])
    assert (answer.status_code, answer.json()["is_ready"]) == (200, True)
    assert answer.json()["checks"]["models"] is False
    assert "objects version 1 cannot be used" in answer.json()["troubles"][0]
