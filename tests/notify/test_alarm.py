"""The alarm that follows `high_risk_alert`: the workflow's own words, and nobody is told twice."""

from datetime import timedelta

import pytest

from activities.adapters.memory.outbox import MemoryOutbox
from activities.alarm import AlarmSink
from schema.events import Envelope, Source
from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.incident import IncidentKind, IncidentSignal, Severity
from schema.notice import Audience, Notify, Occasion
from schema.publication import subject_of, told_by_alert, told_by_start
from schema.task import MonitoringStart, RaiseAlert
from tests.contracts.builder import a_monitoring
from tests.notify.desk import BEGIN, Desk, RecordingSender
from workflows.monitoring import _facts

INCIDENT = IncidentSignal(
    incident_id=new_id(),
    kind=IncidentKind.FACE_ABSENT,
    severity=Severity.CRITICAL,
    confidence=0.9,
    started_at=BEGIN - timedelta(seconds=3),
)
MONITORING = a_monitoring(new_id())


@pytest.fixture
def sender() -> RecordingSender:
    return RecordingSender()


@pytest.fixture
def desk(sender: RecordingSender) -> Desk:
    return Desk(sender)


def alarm(desk: Desk) -> AlarmSink:
    return AlarmSink(desk.activities, desk.clock)


def an_alert() -> Envelope:
    told = RaiseAlert(monitoring=MONITORING, incident=INCIDENT, risk=20.0, raised_at=BEGIN)
    (event,) = MemoryOutbox(Source.MONITORING).publish(subject_of(MONITORING), [told_by_alert(told)])
    return event


def the_workflows_notice() -> Notify:
    return Notify(
        occasion=Occasion.HIGH_RISK,
        key=str(INCIDENT.incident_id),
        audience=Audience.PROCTORS,
        attempt_id=MONITORING.attempt_id,
        exam_id=MONITORING.exam_id,
        facts=_facts(INCIDENT, 20.0),
        at=BEGIN,
    )


async def test_it_says_what_the_workflow_says(desk: Desk) -> None:
    desk.person("pat", "proctor")
    other = Desk(RecordingSender())
    other.person("pat", "proctor")

    await alarm(desk).publish([an_alert()])
    await other.notify(the_workflows_notice())

    assert list(desk.notifications.notifications.values()) == list(other.notifications.notifications.values())


@pytest.mark.parametrize("alarm_is_first", [True, False])
async def test_whoever_comes_first_is_the_only_one(
    desk: Desk, sender: RecordingSender, alarm_is_first: bool
) -> None:
    proctor = desk.person("pat", "proctor")

    if alarm_is_first:
        await alarm(desk).publish([an_alert(), an_alert()])
    await desk.notify(the_workflows_notice())
    await alarm(desk).publish([an_alert()])

    assert len(sender.tried) == 1
    assert desk.kinds_of(proctor) == ["high_risk"]


async def test_other_events_and_old_alerts_wake_nobody(desk: Desk, sender: RecordingSender) -> None:
    desk.person("pat", "proctor")
    start = told_by_start(MonitoringStart(monitoring=MONITORING, at=BEGIN))
    outbox = MemoryOutbox(Source.MONITORING)
    sink = alarm(desk)

    await sink.publish(outbox.publish(subject_of(MONITORING), [start]))
    desk.clock.move(timedelta(hours=1, seconds=1))
    await sink.publish([an_alert()])

    assert (sender.tried, sink.stale) == ([], 1)


async def test_a_mail_server_that_is_away_stops_no_alarm(desk: Desk, sender: RecordingSender) -> None:
    proctor = desk.person("pat", "proctor")
    sender.failures = {"pat@": [Failure(FailureType.UNAVAILABLE, "try later")]}

    await alarm(desk).publish([an_alert()])

    assert desk.kinds_of(proctor) == ["high_risk"]
    assert len(sender.tried) == 1
