"""One builder per task queue: which workflows and activities it serves, and over which adapters."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from temporalio.worker import Worker

from activities.adapters.attempt_commander import TemporalCommander
from activities.adapters.pdf import PdfReport
from activities.adapters.results import CsvTables
from activities.adapters.sql.answer_book import SqlAnswerBook
from activities.adapters.sql.attempt_book import SqlAttemptBook
from activities.adapters.sql.attempt_ledger import SqlAttemptLedger
from activities.adapters.sql.checkpoint_book import SqlCheckpointBook
from activities.adapters.sql.coverage_source import SqlCoverageSource
from activities.adapters.sql.data_purge import data_purges_of
from activities.adapters.sql.directory import SqlDirectory
from activities.adapters.sql.dossier import SqlDossierSource
from activities.adapters.sql.exam_catalog import SqlExamCatalog
from activities.adapters.sql.feed_book import SqlFeedBook
from activities.adapters.sql.incident_book import SqlIncidentBook
from activities.adapters.sql.mail_book import SqlMailBook
from activities.adapters.sql.mark_book import SqlMarkBook
from activities.adapters.sql.notification_book import SqlNotificationBook
from activities.adapters.sql.object_index import SqlObjectIndex
from activities.adapters.sql.operation_book import SqlOperationBook
from activities.adapters.sql.outage_book import SqlOutageBook
from activities.adapters.sql.review_book import SqlReviewBook
from activities.adapters.sql.seat_book import SqlSeatBook
from activities.adapters.sql.title import SqlTitleSource
from activities.adapters.sql.window_book import SqlWindowBook
from activities.adapters.template.writer import TemplateWriter
from activities.adapters.temporal import TemporalHistory, TemporalSignaller
from activities.cohort import CohortActivities
from activities.courier import Courier
from activities.coverage.activity import CoverageActivities
from activities.failure import FailureInterceptor
from activities.incident import IncidentActivities
from activities.marking import MarkingActivities
from activities.notify import NotifyActivities
from activities.outage import OutageActivities
from activities.press import Press
from activities.projection import ProjectionActivities
from activities.recording.activity import RecordingActivities
from activities.recording.port import FilmInMaking
from activities.report import ReportActivities
from activities.retention import RetentionActivities
from activities.review import ReviewActivities
from activities.seat import SeatActivities
from activities.suspect.frames import SuspectFrames
from activities.watch import WatchActivities
from schema.outage.service import Rules
from schema.queue import Queue
from schema.settings import Settings
from workers.equipment import Equipment, mail_sender
from workers.runner import workflow_runner
from workflows.attempt import AttemptWorkflow
from workflows.cohort import CohortWorkflow
from workflows.grading import GradingWorkflow
from workflows.monitoring import MonitoringWorkflow
from workflows.recording import RecordingWorkflow
from workflows.retention import RetentionWorkflow
from workflows.review import ReviewWorkflow

WORKFLOWS = (
    AttemptWorkflow, MonitoringWorkflow, GradingWorkflow, ReviewWorkflow, RetentionWorkflow, CohortWorkflow,
    RecordingWorkflow,
)  # fmt: skip

Activity = Callable[..., Any]


def lifecycle_worker(tools: Equipment) -> Worker:
    """All workflows, and the activities that are one small transaction each."""
    bases = tools.databases
    marks = MarkingActivities(
        SqlExamCatalog(bases.reservations), SqlAnswerBook(bases.corrections), SqlMarkBook(bases.corrections)
    )
    mirror = ProjectionActivities(
        SqlAttemptBook(bases.reservations), SqlWindowBook(bases.corrections), SqlFeedBook(bases.monitoring)
    )
    seats = SeatActivities(SqlSeatBook(bases.reservations))
    incidents = IncidentActivities(SqlIncidentBook(bases.monitoring))
    cohort = CohortActivities(
        SqlOperationBook(bases.reservations),
        TemporalCommander(tools.client, SqlAttemptLedger(bases.reservations).is_over),
    )
    outages = OutageActivities(outage_book(tools), is_measured=bool(tools.settings.service_mark_every))
    light = (
        seats.hold_seat, seats.move_seat, seats.release_seat,
        mirror.project_attempt, mirror.project_window, mirror.open_feed, mirror.reopen_feed, mirror.close_feed,
        incidents.publish_start, incidents.publish_end, incidents.raise_alert,
        incidents.record_rulings, incidents.record_detector_down,
        CoverageActivities(SqlCoverageSource(bases.monitoring, bases.reservations)).measure_coverage,
        outages.settle_outages,
        ReviewActivities(SqlReviewBook(bases.corrections)).project_review,
        marks.mark_automatically, marks.accept_late, marks.write_essay, marks.complete_round,
        cohort.next_attempts, cohort.ask_one, cohort.record_silence, cohort.finish_operation,
    )  # fmt: skip
    return _worker(tools, Queue.LIFECYCLE, light, workflows=WORKFLOWS)


def io_worker(tools: Equipment) -> Worker:
    """Mail, reports, archive and deletion."""
    retention = _retention(tools)
    slow = (
        notices(tools).notify, ReportActivities(_press(tools)).write_report,
        retention.delete_data, retention.write_receipt, retention.is_on_hold,
    )  # fmt: skip
    return _worker(tools, Queue.IO, slow, most=20)


class _Films:
    """Loads OpenCV with the first film only: where no exam keeps recordings, this process needs none."""

    def film(self, folder: Path) -> FilmInMaking:
        from ml.film.maker import WebmFilm

        return WebmFilm(folder)


def batch_worker(tools: Equipment) -> Worker:
    """Exports, which may take long and must not make mail wait."""
    films = RecordingActivities(tools.feed, tools.store, _Films(), tools.settings.var_dir / "film")
    return _worker(tools, Queue.BATCH, (_retention(tools).export_histories, films.export_recording), most=4)


def ml_worker(tools: Equipment) -> Worker:
    """Detection: one inference thread per process, as many attempts at once as the capacity says."""
    # Imported here, so that only this process loads OpenVINO and OpenCV.
    from workers.registry.equipment import watchers

    settings = tools.settings
    watching = WatchActivities(
        tools.feed,
        SqlCheckpointBook(tools.databases.monitoring),
        watchers(settings, tools.store),
        TemporalSignaller(tools.client),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference"),
        f"{settings.node_id}/{os.getpid()}",
        SuspectFrames(settings.var_dir / "ml"),
    )
    return _worker(tools, Queue.ML, (watching.watch_attempt,), most=settings.ml_capacity)


BUILDERS: dict[Queue, Callable[[Equipment], Worker]] = {
    Queue.LIFECYCLE: lifecycle_worker,
    Queue.IO: io_worker,
    Queue.ML: ml_worker,
    Queue.BATCH: batch_worker,
}


def outage_book(tools: Equipment) -> SqlOutageBook:
    """What attempts lost, by the rules of the settings; used by the settlement of deadlines and the loop alike."""
    settings = tools.settings
    rules = Rules(tolerance=settings.outage_tolerance, failover=settings.outage_failover)
    return SqlOutageBook(tools.databases.reservations, rules)


def notices(tools: Equipment) -> NotifyActivities:
    """Tells people; used by the workflows' activity and by the alarm that follows Kafka alike."""
    bases = tools.databases
    return NotifyActivities(
        SqlDirectory(bases.users),
        SqlTitleSource(bases.reservations),
        SqlMailBook(bases.notifications, mail_domain(tools.settings)),
        SqlNotificationBook(bases.notifications),
        courier(tools),
    )


def courier(tools: Equipment) -> Courier:
    """Writes and sends mails; used by the notify activity and the mail loop alike."""
    settings = tools.settings
    mails = SqlMailBook(tools.databases.notifications, mail_domain(settings))
    writer = TemplateWriter(settings.mail_from, settings.public_url)
    return Courier(mails, writer, mail_sender(settings), tools.mail_log)


def mail_domain(settings: Settings) -> str:
    """The domain that ends every Message-ID."""
    return parseaddr(settings.mail_from)[1].rpartition("@")[2]


def _press(tools: Equipment) -> Press:
    return Press(SqlDossierSource(tools.databases), tools.feed, tools.store, PdfReport(), CsvTables())


def _retention(tools: Equipment) -> RetentionActivities:
    return RetentionActivities(
        TemporalHistory(tools.client),
        data_purges_of(tools.databases),
        SqlObjectIndex(tools.databases),
        tools.store,
        _press(tools),
    )


def _worker(
    tools: Equipment,
    queue: Queue,
    activities: Sequence[Activity],
    *,
    workflows: Sequence[type] = (),
    most: int = 100,
) -> Worker:
    return Worker(
        tools.client,
        task_queue=queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=workflow_runner(),
        interceptors=[FailureInterceptor()],
        max_concurrent_activities=most,
    )
