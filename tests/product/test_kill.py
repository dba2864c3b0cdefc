"""SIGKILL of every process in every phase: the attempt ends as if nothing had happened."""

import time
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import pytest
from temporalio.client import WorkflowExecutionStatus as _Status

from api.demo.story import until
from schema.attempt import Phase
from schema.db.tables.notifications import MailRow
from schema.ending import AttemptOutcome
from schema.events import Envelope, Topic
from schema.ids import attempt_workflow_id
from schema.outcome import Release
from tests.product.house import House, Say
from tests.product.killer import Killer
from tests.product.sitting import Fate, Peace, Reel, Sitting
from tests.product.trace import (
    TECHNICAL,
    Seen,
    events_of,
    frames_of,
    hashes_of,
    incidents_of,
    letters_of,
    mails_of,
)

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(900), pytest.mark.slow]

# What an outage may add: facts of the network and the detector, never scored, and the word that nobody watched.
OF_OUTAGES = {"connection_lost", "detector_down", "detection_behind"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be the same with and without kills."""

    incidents: list[Seen]
    events: list[Envelope]
    mails: list[MailRow]
    letters: Counter[str]


async def test_an_attempt_survives_every_kill(house: House, say: Say) -> None:
    reel = Reel(house.product.settings.sample_media_dir)
    calm = await _outcome(house, reel, Peace(), say)
    killer = Killer(house.product)
    wild = await _outcome(house, reel, killer, say)
    say(f"kill: {killer.kills.total()} kills in {len({phase for phase, _ in killer.kills})} phases")

    assert _scored(calm).keys() >= {"multiple_faces", "face_absent", "tab_change"}
    assert [seen.kind for seen in calm.incidents if seen.severity == TECHNICAL] == []
    technical = {seen.kind for seen in wild.incidents if seen.severity == TECHNICAL}
    assert technical <= OF_OUTAGES
    assert _scored(wild).keys() == _scored(calm).keys()
    for kind, seen in _scored(calm).items():
        assert len(seen) == len(_scored(wild)[kind]), kind
        assert all(a.is_like(b) for a, b in zip(seen, _scored(wild)[kind], strict=True)), (kind, seen, wild)
    assert _told(wild) == _told(calm)
    assert _written(wild) == _written(calm)
    again = wild.letters.total() - len(wild.letters)
    say(
        f"kill: {len(wild.events)} events, {len(wild.letters)} mails, {again} sent again under their Message-ID"
    )


async def _outcome(house: House, reel: Reel, fate: Fate, say: Say) -> Outcome:
    began = time.monotonic()
    sitting = Sitting(house, await house.cast(), reel, fate)
    await sitting.run()
    say(f"kill: {type(fate).__name__} took {time.monotonic() - began:.0f} s")
    await _check_answers(sitting)
    frames = await _check_frames(sitting)
    await _check_workflow(house, sitting)
    events = await events_of(house, sitting.attempt_id)
    _check_accounts(events, frames)
    mails = await mails_of(house, sitting.attempt_id)
    people = (sitting.cast.student, *house.staff.values())
    return Outcome(
        incidents=await incidents_of(sitting.cast.reviewer, sitting.attempt_id, sitting.began_at),
        events=events,
        mails=mails,
        letters=await letters_of(house, mails, people),
    )


async def _check_workflow(house: House, sitting: Sitting) -> None:
    """It returned, whatever died around it; no second one was ever started."""
    client = await house.product.client()
    workflow_id = attempt_workflow_id(UUID(sitting.attempt_id))
    handle = client.get_workflow_handle(workflow_id, result_type=AttemptOutcome)
    outcome = await handle.result()
    assert (outcome.phase, outcome.release) == (Phase.SUBMITTED, Release.ARCHIVED)

    async def are_two_runs() -> bool:
        runs = [run.status async for run in client.list_workflows(f"WorkflowId='{workflow_id}'")]
        return Counter(runs) == {_Status.CONTINUED_AS_NEW: 1, _Status.COMPLETED: 1}

    await until(are_two_runs, "two runs, the second one completed", within=90)


async def _check_answers(sitting: Sitting) -> None:
    """Every acknowledged revision is stored, and the first question's second one is what was marked."""
    assert sitting.script.acknowledged == 6
    assert await sitting.script.stored() == sitting.script.saved
    assert sitting.result["earned"] is not None
    assert all(item["answer"] is not None for item in sitting.result["items"])


async def _check_frames(sitting: Sitting) -> int:
    """Every frame of the film was acknowledged, and every acknowledged one can be read and was shown; how many."""
    camera = sitting.camera
    assert camera.refused == []
    stored = await frames_of(sitting.cast.proctor, sitting.attempt_id, camera)
    assert hashes_of(sitting.reel.frames) <= stored <= hashes_of(sitting.shown)
    return stored.total()


def _check_accounts(events: list[Envelope], frames: int) -> None:
    (stopped,) = [event.data for event in events if event.type is Topic.MONITORING_STOPPED]
    counted = (stopped["frames_accepted"], stopped["frames_analysed"], stopped["frames_unreadable"])
    assert counted == (frames, frames, 0)


def _scored(outcome: Outcome) -> dict[str, list[Seen]]:
    assert [seen for seen in outcome.incidents if seen.kind == "webcam_disabled"] == []
    kinds = {seen.kind for seen in outcome.incidents if seen.severity != TECHNICAL}
    return {kind: [seen for seen in outcome.incidents if seen.kind == kind] for kind in kinds}


def _told(outcome: Outcome) -> Counter[tuple[str, str]]:
    """The events, without those of technical incidents: by topic and what happened."""
    return Counter(
        (event.type.value, str(event.data.get("kind") or event.data.get("verb") or ""))
        for event in outcome.events
        if event.data.get("severity") != TECHNICAL
    )


def _written(outcome: Outcome) -> Counter[str]:
    """The mails by template."""
    return Counter(mail.template for mail in outcome.mails if mail.template not in OF_OUTAGES)
