"""Versions in the lake: added once, promoted and rolled back, and what is damaged said in words."""

from pathlib import Path

import pytest

from activities.adapters.files import FileStore
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.ports import ObjectStore
from activities.registry.registry import ModelRegistry
from schema.failures import Failure
from schema.incident import Preset, policy_for
from schema.registry.calibration import calibrated
from schema.registry.card import ModelType
from tests.registry.model import added, promotion

BIN = "ml/models/objects/model_v1_openvino/m.bin"


@pytest.fixture(params=["memory", "files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return MemoryObjectStore() if request.param == "memory" else FileStore(tmp_path / "lake")


@pytest.fixture
def registry(store: ObjectStore) -> ModelRegistry:
    return ModelRegistry(store)


async def test_a_version_lies_where_the_lake_says_and_is_added_once(
    registry: ModelRegistry, store: ObjectStore
) -> None:
    first, again, second = (
        await added(registry, b"one"),
        await added(registry, b"one"),
        await added(registry, b"two"),
    )

    assert (first, second.model.version) == (again, 2)
    assert [card.name for card in await registry.cards(ModelType.OBJECTS)] == [
        "objects version 1",
        "objects version 2",
    ]
    assert await store.get("ml/models/objects/model_v1.pt") == b"weights one"
    assert await store.get("ml/models/objects/model_v2_openvino/m.bin") == b"two"
    assert await registry.damages(first) == []


async def test_rolling_back_twice_goes_two_promotions_back(registry: ModelRegistry) -> None:
    one, two, three = [(await added(registry, name)).model for name in (b"one", b"two", b"three")]
    for model in (one, two, three):
        await registry.promote(promotion(model))
    seen = []
    for _ in range(2):
        before = (await registry.promotions(ModelType.OBJECTS)).previous
        assert before is not None
        seen.append((await registry.promote(promotion(before, is_rollback=True))).current)

    assert seen == [two, one]
    assert (await registry.promotions(ModelType.OBJECTS)).previous is None


async def test_new_attempts_have_nothing_before_a_model_of_faces_is_promoted(registry: ModelRegistry) -> None:
    objects, faces = await added(registry, b"one"), await added(registry, b"f", ModelType.FACES)
    await registry.promote(promotion(objects.model))
    before = await registry.promoted()
    await registry.promote(promotion(faces.model))

    assert before == ()
    assert await registry.promoted() == (faces.model, objects.model)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"oni", f"{BIN} is damaged: its SHA-256 is not the one on its card"),
        (b"o", f"{BIN} is damaged: it has 1 bytes of 3"),
        (None, f"{BIN} is missing"),
    ],
    ids=["changed", "cut", "gone"],
)
async def test_damage_is_said_and_adding_again_repairs_it(
    registry: ModelRegistry, store: ObjectStore, data: bytes | None, words: str
) -> None:
    card = await added(registry, b"one")
    await registry.promote(promotion(card.model))
    await (store.delete(BIN) if data is None else store.put(BIN, data))

    (trouble,) = await registry.troubles()
    with pytest.raises(Failure, match="cannot be promoted"):
        await registry.promote(promotion(card.model))
    with pytest.raises(Failure, match="objects version 1 cannot be used") as refused:
        await registry.files(card.model)
    repaired = await added(registry, b"one")

    assert words in trouble
    assert words in refused.value.message
    assert repaired.model == card.model
    assert await registry.troubles() == []


async def test_a_card_that_cannot_be_read_is_said_and_blocks_no_new_version(
    registry: ModelRegistry, store: ObjectStore
) -> None:
    card = await added(registry, b"one")
    await registry.promote(promotion(card.model))
    await store.put("ml/models/objects/model_v1.json", b"{}")

    (trouble,) = await registry.troubles()
    second = await added(registry, b"two")

    assert "ml/models/objects/model_v1.json is damaged" in trouble
    assert second.model.version == 2


def test_a_models_own_scores_hold_where_the_author_chose_none() -> None:
    scores = {Preset.STRICT: {"object_score": 0.2, "face_score": 0.5}}

    usual = calibrated(policy_for(Preset.STRICT), [scores])  # type: ignore[list-item]
    chosen = calibrated(policy_for(Preset.STRICT, object_score=0.7), [scores])  # type: ignore[list-item]
    other = calibrated(policy_for(Preset.MODERATE), [scores])  # type: ignore[list-item]

    assert (usual.object_score, usual.face_score) == (0.2, 0.5)
    assert (chosen.object_score, chosen.face_score) == (0.7, 0.5)
    assert other == policy_for(Preset.MODERATE)
