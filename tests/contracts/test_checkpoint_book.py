"""CheckpointBook: one watcher at a time, and what it found is written, told and owed exactly once."""

from dataclasses import replace
from uuid import UUID

import pytest

from schema.analysis import ChangeKind
from schema.events import Source
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.incident import EvidenceMoment, IncidentKind, IncidentSignal
from tests.contracts.builder import NOON, SECOND, a_watch, an_analysis, an_incident
from tests.contracts.world import World, told, topics

OPENED, AMENDED, CLOSED = ChangeKind.OPENED, ChangeKind.AMENDED, ChangeKind.CLOSED


async def owed(world: World, attempt_id: UUID) -> list[tuple[str, IncidentSignal]]:
    signals = await world.books.checkpoints.owed_signals(attempt_id)
    return [(change, IncidentSignal.model_validate_json(signal)) for _, change, signal in signals]


async def test_the_first_lease_stands_before_everything(world: World) -> None:
    lease = await world.books.checkpoints.take_lease(new_id(), "worker-1")

    assert (lease.epoch, lease.offset, lease.state, lease.frames) == (1, -1, None, 0)


async def test_a_commit_moves_the_checkpoint_and_counts_frames(world: World) -> None:
    watch = a_watch(new_id())
    lease = await world.books.checkpoints.take_lease(watch.attempt_id, "worker-1")

    lease = await world.books.checkpoints.commit(lease, watch, an_analysis(40))
    lease = await world.books.checkpoints.commit(lease, watch, an_analysis(80))
    taken = await world.books.checkpoints.take_lease(watch.attempt_id, "worker-2")

    assert (lease.offset, lease.state, lease.frames, lease.unreadable) == (80, b"{}", 10, 2)
    assert (taken.epoch, taken.offset, taken.state, taken.frames) == (2, 80, b"{}", 10)


async def test_a_stale_epoch_writes_nothing(world: World) -> None:
    watch = a_watch(new_id())
    old = await world.books.checkpoints.take_lease(watch.attempt_id, "worker-1")
    await world.books.checkpoints.take_lease(watch.attempt_id, "worker-2")
    analysis = an_analysis(40, (OPENED, an_incident(watch.attempt_id)))

    with pytest.raises(Failure) as refused:
        await world.books.checkpoints.commit(old, watch, analysis)
    with pytest.raises(Failure):
        await world.books.checkpoints.finish(old)

    assert refused.value.type is FailureType.CONFLICT
    assert await world.books.incidents.of_attempt(watch.attempt_id) == []
    assert await told(world, Source.MONITORING) == []


async def test_an_incident_is_written_told_and_owed_in_its_order(world: World) -> None:
    watch = a_watch(new_id())
    opened = an_incident(watch.attempt_id, shots=(EvidenceMoment.BEFORE, EvidenceMoment.AT))
    after = an_incident(watch.attempt_id, shots=tuple(EvidenceMoment))
    closed = replace(after, ended_at=NOON + 60 * SECOND)
    lease = await world.books.checkpoints.take_lease(watch.attempt_id, "worker-1")

    analysis = an_analysis(90, (OPENED, opened), (AMENDED, after), (CLOSED, closed))
    await world.books.checkpoints.commit(lease, watch, analysis)

    (incident,) = await world.books.incidents.of_attempt(watch.attempt_id)
    assert incident.ended_at == NOON + 60 * SECOND
    assert [shot.moment for shot in incident.evidence] == [*EvidenceMoment]
    assert incident.evidence[0].boxes == opened.evidence[0].boxes
    assert await topics(world, Source.MONITORING) == ["anomaly_detected", "incident_closed"]
    assert [change for change, _ in await owed(world, watch.attempt_id)] == [
        "incident_opened",
        "incident_closed",
    ]
    assert (await owed(world, watch.attempt_id))[1][1].ended_at == closed.ended_at


async def test_a_commit_whose_answer_was_lost_can_be_repeated(world: World) -> None:
    watch = a_watch(new_id())
    lease = await world.books.checkpoints.take_lease(watch.attempt_id, "worker-1")
    analysis = an_analysis(40, (OPENED, an_incident(watch.attempt_id)))
    first = await world.books.checkpoints.commit(lease, watch, analysis)
    delivered = [key for key, _, _ in await world.books.checkpoints.owed_signals(watch.attempt_id)]
    await world.books.checkpoints.delivered(delivered)

    again = await world.books.checkpoints.commit(lease, watch, analysis)

    assert again == first
    assert len(await told(world, Source.MONITORING)) == 1
    assert await owed(world, watch.attempt_id) == []


async def test_an_incident_found_again_from_an_older_state_is_neither_told_nor_owed_again(
    world: World,
) -> None:
    """The events are derived from the incident, whose id is derived from where it opened."""
    watch = a_watch(new_id())
    incident = an_incident(watch.attempt_id)
    lease = await world.books.checkpoints.take_lease(watch.attempt_id, "worker-1")
    lease = await world.books.checkpoints.commit(lease, watch, an_analysis(40, (OPENED, incident)))
    await world.books.checkpoints.delivered(
        [key for key, _, _ in await world.books.checkpoints.owed_signals(watch.attempt_id)]
    )

    await world.books.checkpoints.commit(lease, watch, an_analysis(50, (OPENED, incident)))

    assert len(await told(world, Source.MONITORING)) == 1
    assert await owed(world, watch.attempt_id) == []


async def test_a_technical_incident_is_told_but_owed_to_nobody(world: World) -> None:
    watch = a_watch(new_id())
    lease = await world.books.checkpoints.take_lease(watch.attempt_id, "worker-1")
    lost = an_incident(watch.attempt_id, IncidentKind.CONNECTION_LOST)

    await world.books.checkpoints.commit(lease, watch, an_analysis(40, (OPENED, lost)))

    assert await topics(world, Source.MONITORING) == ["anomaly_detected"]
    assert await owed(world, watch.attempt_id) == []
