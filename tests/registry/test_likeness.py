"""From the policy to the watcher: the photo goes along only where the exam compares faces, and none of it is kept."""

from datetime import timedelta

import pytest

from activities.adapters.memory.object_store import MemoryObjectStore
from schema.exam import ExamPolicy
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.incident import Preset, policy_for
from schema.lifecycle import AttemptInput, SlotWindow
from schema.task import WatchTask
from tests.ml.builder import START
from tests.ml.painted import PaintedEmbedder, PaintedFaces, black, painted
from tests.stream.task import watch_task
from workers.registry.likeness import LikenessSource
from workflows.sitting import monitoring_input
from workflows.vigil import watch_task as task_of

PHOTO = "raw/frames/2026/11/28/x/identity.jpg"
ASKED = policy_for(Preset.MODERATE, other_person=True, other_person_basis="consent")


def watched(photo: str = PHOTO) -> WatchTask:
    return watch_task(new_id()).model_copy(update={"detection": ASKED, "identity_photo": photo})


class AwayStore(MemoryObjectStore):
    """Does not answer."""

    async def get(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """Fail."""
        raise Failure(FailureType.UNAVAILABLE, "the lake does not answer")


async def test_the_photo_is_read_where_the_exam_asks(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryObjectStore()
    source = LikenessSource(store, PaintedEmbedder())
    await store.put(PHOTO, painted())
    found = await source.of(watched(), PaintedFaces())
    off = await source.of(watch_task(new_id()), PaintedFaces())
    await store.put(PHOTO, black())
    no_face = await source.of(watched(), PaintedFaces())
    await store.delete(PHOTO)
    gone, none = await source.of(watched(), PaintedFaces()), await source.of(watched(""), PaintedFaces())

    assert found is not None
    assert (off, no_face, gone, none) == (None, None, None, None)
    assert "faces are not compared: the identity photo shows no face" in caplog.text
    assert "faces are not compared: no identity photo was taken" in caplog.text
    assert [one.name for one in await store.list("")] == [], "nothing was written"


async def test_a_lake_that_is_away_is_told_and_not_taken_for_no_photo() -> None:
    with pytest.raises(Failure, match="the lake does not answer") as away:
        await LikenessSource(AwayStore(), PaintedEmbedder()).of(watched(), PaintedFaces())

    assert not away.value.is_retryable


@pytest.mark.parametrize("detection", [ASKED, policy_for(Preset.MODERATE)], ids=["asked", "not asked"])
def test_the_workflow_hands_the_photo_on_only_where_it_is_asked_for(detection: object) -> None:
    ids = {name: new_id() for name in ("attempt_id", "organisation_id", "exam_id", "student_id")}
    slot = SlotWindow(slot_id=new_id(), starts_at=START, ends_at=START + timedelta(hours=1))
    about = {"exam_version": 1, "slot": slot, "seed": 1, "rules_version": "r", "model_version": "m"}
    attempt = AttemptInput.model_validate(
        {**ids, **about, "policy": ExamPolicy.model_validate({"detection": detection})}
    )

    task = task_of(monitoring_input(attempt, PHOTO))

    assert task.identity_photo == (PHOTO if detection is ASKED else "")
