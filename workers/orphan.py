"""The sweep over this installation's databases and Temporal; a loop of `proctor-io`, and the command `repair`."""

from activities.adapters.cohort_starter import TemporalCohortStarter
from activities.adapters.now import Now, utc_now
from activities.adapters.sql.answer_book import SqlAnswerBook
from activities.adapters.sql.attempt_book import SqlAttemptBook
from activities.adapters.sql.attempt_ledger import SqlAttemptLedger, SqlReviewLedger
from activities.adapters.sql.attempt_rebuild import SqlAttemptRebuilder
from activities.adapters.sql.exam_catalog import SqlExamCatalog
from activities.adapters.sql.feed_book import SqlFeedBook
from activities.adapters.sql.incident_book import SqlIncidentBook
from activities.adapters.sql.mail_pause import SqlMailPauses
from activities.adapters.sql.mark_book import SqlMarkBook
from activities.adapters.sql.operation_book import SqlOperationBook
from activities.adapters.sql.orphan_book import SqlOrphanBook
from activities.adapters.sql.review_book import SqlReviewBook
from activities.adapters.sql.seat_book import SqlSeatBook
from activities.adapters.sql.window_book import SqlWindowBook
from activities.adapters.temporal_recovery import TemporalRecovery, Write
from activities.adapters.temporal_runs import TemporalRuns
from activities.incident import IncidentActivities
from activities.marking import MarkingActivities
from activities.notify import NotifyActivities
from activities.orphan.operation_sweep import OperationSweep
from activities.orphan.repair import Repair
from activities.orphan.review_sweep import ReviewSweep
from activities.orphan.sweep import Sweep
from schema import task
from schema.db.session import Databases
from schema.lifecycle import AttemptProjection, WindowProjection
from schema.notice import Notify
from schema.review import ReviewState
from workers.build import notices
from workers.equipment import Equipment


def sweep_of(tools: Equipment, now: Now = utc_now) -> Sweep:
    """The sweep with everything it works with."""
    bases, runs = tools.databases, TemporalRuns(tools.client)
    ledger, recovery = SqlAttemptLedger(bases.reservations), recovery_of(tools)
    rebuilder = SqlAttemptRebuilder(bases.reservations, bases.corrections, now)
    return Sweep(
        ledger,
        ReviewSweep(SqlReviewLedger(bases.corrections), ledger, runs),
        OperationSweep(SqlOperationBook(bases.reservations), TemporalCohortStarter(tools.client)),
        SqlOrphanBook(bases.reservations),
        runs,
        Repair(ledger, runs, recovery, rebuilder, now=now),
        now=now,
    )


def recovery_of(tools: Equipment) -> TemporalRecovery:
    """Writes again what a database lost, from the histories."""
    pauses = SqlMailPauses(tools.databases.notifications)
    return TemporalRecovery(tools.client, writes_of(tools.databases, notices(tools)), pauses)


def writes_of(bases: Databases, notices: NotifyActivities) -> dict[str, Write]:
    """What can be written again, by activity. People are not told again: what they were told is noted as told."""
    seats, attempts = SqlSeatBook(bases.reservations), SqlAttemptBook(bases.reservations)
    windows, feeds = SqlWindowBook(bases.corrections), SqlFeedBook(bases.monitoring)
    incidents = IncidentActivities(SqlIncidentBook(bases.monitoring))
    marks = MarkingActivities(
        SqlExamCatalog(bases.reservations), SqlAnswerBook(bases.corrections), SqlMarkBook(bases.corrections)
    )
    return {
        "hold_seat": Write(task.HoldSeat, seats.hold),
        "move_seat": Write(task.MoveSeat, seats.move),
        "release_seat": Write(task.ReleaseSeat, seats.release),
        "project_attempt": Write(AttemptProjection, attempts.add_missing),
        "project_window": Write(WindowProjection, windows.project),
        "open_feed": Write(task.OpenFeed, feeds.open),
        "close_feed": Write(task.CloseFeed, lambda request: feeds.close(request.attempt_id)),
        "publish_start": Write(task.MonitoringStart, incidents.publish_start),
        "publish_end": Write(task.MonitoringEnd, incidents.publish_end),
        "raise_alert": Write(task.RaiseAlert, incidents.raise_alert),
        "record_rulings": Write(task.RulingsDecided, incidents.record_rulings),
        "record_detector_down": Write(task.DetectorDown, incidents.record_detector_down),
        "project_review": Write(ReviewState, SqlReviewBook(bases.corrections).project),
        "mark_automatically": Write(task.GradingInput, marks.mark_automatically),
        "write_essay": Write(task.EssayMarked, marks.write_essay),
        "complete_round": Write(task.CompleteRound, marks.complete_round),
        "notify": Write(Notify, notices.remember, is_mail=True),
    }
