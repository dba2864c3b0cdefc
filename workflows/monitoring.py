"""The story of watching one attempt: publish the start, watch until every frame is accounted for, publish the end."""

from datetime import datetime

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from activities.incident import IncidentActivities
    from schema.ids import recording_workflow_id
    from schema.incident import IncidentSignal
    from schema.notice import Audience, Notify, Occasion
    from schema.recording.task import ExportRecording
    from schema.task import (
        AlertRaised,
        DetectorDown,
        MonitoringEnd,
        MonitoringInput,
        MonitoringResult,
        MonitoringStart,
        RaiseAlert,
        WatchResult,
    )
    from workflows.options import PUBLISH_END, PUBLISH_START, RAISE_ALERT, RECORD_DETECTOR_DOWN
    from workflows.patience import insist
    from workflows.post import Post
    from workflows.recording import RecordingWorkflow
    from workflows.tally import Tally
    from workflows.vigil import Vigil


@workflow.defn
class MonitoringWorkflow:
    """Watching one attempt, id `monitoring:{attempt_id}`; machines tell it what happens by signal."""

    @workflow.init
    def __init__(self, monitoring: MonitoringInput) -> None:
        self._monitoring = monitoring
        self._tally = Tally(monitoring.risk)
        self._vigil = Vigil(monitoring, self._report_detector)
        self._post = Post()
        self._presence = "not known"
        self._has_ended = False

    @workflow.run
    async def run(self, monitoring: MonitoringInput) -> MonitoringResult:
        """Start, watch, and stay for signals until the attempt has ended."""
        await self._publish_start()
        watched = await self._vigil.keep()
        await workflow.wait_condition(lambda: self._has_ended)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._publish_end(watched)
        if monitoring.keeps_recording:
            await self._keep_recording()
        await self._post.delivered()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._result(watched)

    @workflow.signal
    async def incident_opened(self, incident: IncidentSignal) -> None:
        """A condition became an incident; the same one again changes nothing."""
        if self._tally.add(incident):
            await self._alert(incident)
        self._show()

    @workflow.signal
    async def incident_closed(self, incident: IncidentSignal) -> None:
        """An incident ended; one whose opening never arrived is counted now."""
        if self._tally.add(incident):
            await self._alert(incident)
        self._show()

    @workflow.signal
    async def watch_started(self) -> None:
        """A detector took the attempt up, perhaps after nobody had for a while."""
        await self._vigil.resume()
        self._show()

    @workflow.signal
    def presence_lost(self) -> None:
        """The student's browser is gone."""
        self._presence = f"lost at {workflow.now():%F %T} UTC"
        self._show()

    @workflow.signal
    def presence_back(self) -> None:
        """The student's browser is back."""
        self._presence = f"back at {workflow.now():%F %T} UTC"
        self._show()

    @workflow.signal
    def attempt_ended(self) -> None:
        """No frame will follow those that are accepted by now."""
        self._has_ended = True

    async def _publish_start(self) -> None:
        start = MonitoringStart(monitoring=self._monitoring, at=workflow.now())
        known = await insist(
            lambda: workflow.execute_activity_method(IncidentActivities.publish_start, start, **PUBLISH_START)
        )
        # Older workers return nothing.
        for incident in known.incidents if known is not None else ():
            await self.incident_opened(incident)
        self._show()

    async def _publish_end(self, watched: WatchResult) -> None:
        end = MonitoringEnd(
            monitoring=self._monitoring, result=watched, risk=self._tally.risk, at=workflow.now()
        )
        await insist(
            lambda: workflow.execute_activity_method(IncidentActivities.publish_end, end, **PUBLISH_END)
        )

    async def _keep_recording(self) -> None:
        """Nobody waits for it. That of an attempt which was reopened takes the place of the one before."""
        request = ExportRecording(attempt_id=self._monitoring.attempt_id, exam_id=self._monitoring.exam_id)
        await workflow.start_child_workflow(
            RecordingWorkflow.run,
            request,
            id=recording_workflow_id(request.attempt_id),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.TERMINATE_IF_RUNNING,
            static_summary=f"Keep the recording of attempt {request.attempt_id}",
        )

    async def _alert(self, incident: IncidentSignal) -> None:
        risk, now = self._tally.risk, workflow.now()
        alert = RaiseAlert(monitoring=self._monitoring, incident=incident, risk=risk, raised_at=now)
        await insist(
            lambda: workflow.execute_activity_method(IncidentActivities.raise_alert, alert, **RAISE_ALERT)
        )
        self._tell(Occasion.HIGH_RISK, str(incident.incident_id), _facts(incident, risk), now)
        await self._tell_attempt(AlertRaised(incident=incident, risk=risk))

    async def _tell_attempt(self, alert: AlertRaised) -> None:
        """By name, for the attempt's workflow is the one that knows this one."""
        if (parent := workflow.info().parent) is None:
            return
        try:
            await workflow.get_external_workflow_handle(parent.workflow_id).signal("alert_raised", alert)
        except FailureError:
            workflow.logger.warning("attempt %s is gone", self._monitoring.attempt_id)

    async def _report_detector(self, since: datetime, until: datetime | None) -> None:
        """Record the technical incident, and say it to the proctors when it begins: silence is not health."""
        down = DetectorDown(monitoring=self._monitoring, since=since, until=until)
        await insist(
            lambda: workflow.execute_activity_method(
                IncidentActivities.record_detector_down, down, **RECORD_DETECTOR_DOWN
            )
        )
        if until is None:
            self._tell(
                Occasion.DETECTOR_DOWN,
                since.isoformat(),
                {"waiting_since": since.isoformat()},
                workflow.now(),
            )
        self._show()

    def _tell(self, occasion: Occasion, key: str, facts: dict[str, str], at: datetime) -> None:
        notice = Notify(
            occasion=occasion,
            key=key,
            audience=Audience.PROCTORS,
            attempt_id=self._monitoring.attempt_id,
            exam_id=self._monitoring.exam_id,
            facts=facts,
            at=at,
        )
        self._post.send(notice)

    def _result(self, watched: WatchResult) -> MonitoringResult:
        return MonitoringResult(
            incidents=self._tally.incidents,
            risk=self._tally.risk,
            frames=watched.frames,
            unreadable=watched.unreadable,
        )

    def _show(self) -> None:
        kinds = "\n".join(f"- {found.kind} ({found.severity})" for found in self._tally.incidents[-20:])
        health = "**nobody is watching**" if self._vigil.is_down else "watched"
        workflow.set_current_details(
            f"Attempt `{self._monitoring.attempt_id}`: {health}, risk **{self._tally.risk:.1f}**, "
            f"browser {self._presence}\n{kinds}"
        )


def _facts(incident: IncidentSignal, risk: float) -> dict[str, str]:
    return {
        "incident_id": str(incident.incident_id),
        "incident_kind": incident.kind,
        "severity": incident.severity,
        "started_at": incident.started_at.isoformat(),
        "risk": f"{risk:.1f}",
    }
