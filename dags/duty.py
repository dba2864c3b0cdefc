"""What all DAGs share: since when, how often a task is tried again, who is told when it failed, where its command runs.

The pause before a retry is Airflow's `default_task_retry_delay`, and doubles with each. The variable ALERTS_TO and the
connection `smtp_default` say whom a mail goes to and by which server. See docs/operations.md.
"""

import os
from datetime import UTC, datetime, timedelta

from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.sdk import Param

# Runs of earlier days are not made by themselves; a backfill may reach further back.
FIRST_DAY = datetime.fromisoformat(os.environ.get("PROCTORWISE_FIRST_DAY", "2026-11-01")).replace(tzinfo=UTC)

# The day that a run is for: its interval's first, unless whoever triggers it names another.
DAY = "{{ params.day or (data_interval_start | ds) }}"
PARAMS = {
    "day": Param(
        None,
        type=["null", "string"],
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="The day to run for, such as 2026-11-22, instead of the interval's first",
    )
}

TELL = SmtpNotifier(
    to="{{ var.value.alerts_to }}",
    subject=f"ProctorWise: {{{{ dag.dag_id }}}} of {DAY} failed",
    html_content=(
        f"<p>{{{{ ti.task_id }}}} of {{{{ dag.dag_id }}}} failed for {DAY} after {{{{ ti.try_number }}}} tries.</p>"
        "<p>{{ exception | string | escape }}</p>"
        '<p><a href="{{ ti.log_url }}">Its log</a></p>'
    ),
)

DEFAULTS = {
    "retries": 3,
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(hours=1),
    "execution_timeout": timedelta(hours=1),
    "on_failure_callback": TELL,
}

# The product's own environments, which know nothing of Airflow; the shell fills the names in when a task runs.
PRODUCT = 'cd "$PROCTORWISE_HOME" && exec "$PROCTORWISE_PYTHON" -m workers'
SPARK_JOB = (
    'cd "$PROCTORWISE_HOME" && PYTHONPATH=.:spark-jobs exec "$PROCTORWISE_SPARK_PYTHON" spark-jobs/batch'
)
