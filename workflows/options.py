"""Named budgets: for every activity its queue, its timeouts, its retries and the words the Temporal UI shows."""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig

from schema.queue import Queue

QUICK = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=10))
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))

# Once people know that nobody is watching, an attempt keeps its place in the queue for longer.
DETECTOR_WAIT_AGAIN = timedelta(minutes=5)
# After a refusal that retrying cannot cure, people need time to mend what is wrong.
MENDING = timedelta(minutes=1)
ENDING = timedelta(seconds=2)


def _light(summary: str) -> ActivityConfig:
    """One small transaction, tried until it is done."""
    return ActivityConfig(
        task_queue=Queue.LIFECYCLE,
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=QUICK,
        summary=summary,
    )


def _heavy(summary: str, limit: timedelta, queue: Queue = Queue.IO) -> ActivityConfig:
    """Files, mails and reports: slower, on their own queue, tried until done."""
    return ActivityConfig(
        task_queue=queue, start_to_close_timeout=limit, retry_policy=PATIENT, summary=summary
    )


def _beating(summary: str, limit: timedelta, queue: Queue = Queue.IO) -> ActivityConfig:
    """The same with a heartbeat every 2 s, so that a killed worker's work goes on elsewhere soon."""
    return _heavy(summary, limit, queue) | ActivityConfig(heartbeat_timeout=timedelta(seconds=10))


HOLD_SEAT = _light("Hold a seat")
MOVE_SEAT = _light("Swap the seat")
RELEASE_SEAT = _light("Give the seat back")
PROJECT_ATTEMPT = _light("Write the attempt's row, moves and events")
PROJECT_WINDOW = _light("Write the deadline where answers live")
OPEN_FEED = _light("Let the browser stream")
CLOSE_FEED = _light("Take no more frames")
PUBLISH_START = _light("Publish monitoring_started")
PUBLISH_END = _light("Publish monitoring_stopped")
RAISE_ALERT = _light("Publish high_risk_alert")
RECORD_RULINGS = _light("Write the rulings onto the incidents")
MEASURE_COVERAGE = _light("Measure how much of the attempt was watched")
RECORD_DETECTOR_DOWN = _light("Record that nobody is watching")
PROJECT_REVIEW = _light("Write the review's row")
WRITE_ESSAY = _light("Write the grader's marks")
COMPLETE_ROUND = _light("Add up the marks")
ACCEPT_LATE = _light("Let late answers count")
NEXT_ATTEMPTS = _light("Find the next attempts to ask")
RECORD_SILENCE = _light("Write down that nothing was heard")
FINISH_OPERATION = _light("Write down that all were asked")
# It fails, and is tried again, for as long as nobody serves the attempt: that may be hours, and costs no history.
SETTLE_OUTAGES = _light("Ask what the platform owes before time is up") | ActivityConfig(
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=2)
    )
)
# An attempt that does not answer for so long is told as one that did not, so that the others' proctor knows.
ASK_ONE = ActivityConfig(
    task_queue=Queue.LIFECYCLE,
    start_to_close_timeout=timedelta(seconds=30),
    schedule_to_close_timeout=timedelta(minutes=10),
    retry_policy=QUICK,
    summary="Send the command to one attempt",
)
MARK_AUTOMATICALLY = ActivityConfig(
    task_queue=Queue.LIFECYCLE,
    start_to_close_timeout=timedelta(minutes=1),
    retry_policy=QUICK,
    summary="Mark what needs no grader",
)

# Tries are counted here, not time: while no worker is there a notice waits, and a mail that a broken server
# refused this often is already enlisted and sent by the mail loop.
NOTIFY = _beating("Tell people", timedelta(minutes=5)) | ActivityConfig(
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1), maximum_attempts=30
    )
)
WRITE_REPORT = _beating("Write report and results into the lake", timedelta(minutes=5))
EXPORT_HISTORIES = _beating("Export the histories beside the report", timedelta(minutes=5), Queue.BATCH)
# Made again from its beginning where a worker dies. Retention waits for it, so it gives up in the end.
EXPORT_RECORDING = _beating(
    "Export the recording as a video", timedelta(hours=6), Queue.BATCH
) | ActivityConfig(schedule_to_close_timeout=timedelta(days=2))
IS_ON_HOLD = _heavy("Ask whether deletion is blocked", timedelta(seconds=30))
DELETE_DATA = _beating("Delete and verify", timedelta(minutes=30))
WRITE_RECEIPT = _heavy("Write the receipt of the deletion", timedelta(minutes=1))

# Watching lasts as long as the exam: only its heartbeat tells whether it lives.
WATCH_ATTEMPT = ActivityConfig(
    task_queue=Queue.ML,
    start_to_close_timeout=timedelta(days=7),
    heartbeat_timeout=timedelta(seconds=10),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=10)
    ),
    summary="Watch the attempt's frames",
)
