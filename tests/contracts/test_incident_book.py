"""IncidentBook: incidents by start, rulings on them, and each event about watching once."""

from schema.analysis import ChangeKind
from schema.events import Source
from schema.ids import new_id
from schema.incident import IncidentKind, IncidentSignal, Severity
from schema.review import (
    IncidentRuling,
    IncidentVerdict,
    IntegrityOutcome,
    IntegrityVerdict,
    ReviewDecision,
)
from schema.task import DetectorDown, MonitoringEnd, MonitoringStart, RaiseAlert, WatchResult
from tests.contracts.builder import (
    NOON,
    SECOND,
    a_monitoring,
    a_watch,
    an_analysis,
    an_incident,
)
from tests.contracts.world import World, told, topics


async def test_incidents_come_by_their_start(world: World) -> None:
    watch = a_watch(new_id())
    late, early = an_incident(watch.attempt_id, offset=50), an_incident(watch.attempt_id, offset=20)
    lease = await world.books.checkpoints.take_lease(watch.attempt_id, "worker-1")
    found = an_analysis(60, (ChangeKind.OPENED, late), (ChangeKind.OPENED, early))
    await world.books.checkpoints.commit(lease, watch, found)

    assert await world.books.incidents.of_attempt(watch.attempt_id) == [early, late]


async def test_a_ruling_is_written_on_incidents_of_this_attempt_only(world: World) -> None:
    watch = a_watch(new_id())
    incident = an_incident(watch.attempt_id)
    lease = await world.books.checkpoints.take_lease(watch.attempt_id, "worker-1")
    await world.books.checkpoints.commit(lease, watch, an_analysis(60, (ChangeKind.OPENED, incident)))
    ruling = IncidentVerdict(
        incident_id=incident.incident_id, ruling=IncidentRuling.EXPLAINED, reason="the cat"
    )
    verdict = IntegrityVerdict(outcome=IntegrityOutcome.CLEARED, reason="fine", incidents=(ruling,))
    decision = ReviewDecision(review_id=new_id(), decided_by=new_id(), decided_at=NOON, verdict=verdict)

    await world.books.incidents.rule(new_id(), decision)
    assert await world.ruling(incident.incident_id) == ("", "")
    await world.books.incidents.rule(watch.attempt_id, decision)

    assert await world.ruling(incident.incident_id) == ("explained", "the cat")


async def test_start_end_and_alerts_are_each_told_once(world: World) -> None:
    monitoring = a_monitoring(new_id())
    signal = IncidentSignal(
        incident_id=new_id(),
        kind=IncidentKind.FACE_ABSENT,
        severity=Severity.HIGH,
        confidence=0.9,
        started_at=NOON,
    )
    result = WatchResult(frames=100, unreadable=3, final_offset=120)
    start = MonitoringStart(monitoring=monitoring, at=NOON)
    alert = RaiseAlert(monitoring=monitoring, incident=signal, risk=21.5, raised_at=NOON)
    end = MonitoringEnd(monitoring=monitoring, result=result, risk=21.5, at=NOON + SECOND)

    for _ in range(2):
        await world.books.incidents.publish_start(start)
        await world.books.incidents.publish_alert(alert)
        await world.books.incidents.publish_end(end)

    assert await topics(world, Source.MONITORING) == [
        "monitoring_started",
        "high_risk_alert",
        "monitoring_stopped",
    ]
    stopped = (await told(world, Source.MONITORING))[-1]
    assert stopped.data == {
        "frames_accepted": 100,
        "frames_analysed": 97,
        "frames_unreadable": 3,
        "risk": 21.5,
    }


async def test_a_detector_that_is_down_is_one_technical_incident(world: World) -> None:
    monitoring = a_monitoring(new_id())
    down = DetectorDown(monitoring=monitoring, since=NOON)
    up = DetectorDown(monitoring=monitoring, since=NOON, until=NOON + 90 * SECOND)

    for report in (down, down, up, up):
        await world.books.incidents.record_detector_down(report)

    (incident,) = await world.books.incidents.of_attempt(monitoring.attempt_id)
    assert (incident.kind, incident.severity) == (IncidentKind.DETECTOR_DOWN, Severity.TECHNICAL)
    assert (incident.started_at, incident.ended_at) == (NOON, NOON + 90 * SECOND)
    assert await topics(world, Source.MONITORING) == ["anomaly_detected", "incident_closed"]
