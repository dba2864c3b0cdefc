"""What all DAGs share: since when, how often a task is tried again, who is told when it failed, where its command runs.

The pause before a retry is Airflow's `default_task_retry_delay`, and doubles with each. The variable ALERTS_TO and the
connection `smtp_default` say whom a mail goes to and by which server. See docs/operations.md.
"""

import os
from datetime import UTC, datetime, timedelta

from airflow.providers.smtp.notifications.smtp import SmtpNotifier

# Runs of earlier days are not made by themselves; a backfill may reach further back.
FIRST_DAY = datetime.fromisoformat(os.environ.get("PROCTORWISE_FIRST_DAY", "2026-11-01")).replace(tzinfo=UTC)

TELL = SmtpNotifier(
    to="{{ var.value.alerts_to }}",
    subject="ProctorWise: {{ dag.dag_id }} of {{ data_interval_start | ds }} failed",
    html_content=(
        "<p>{{ ti.task_id }} of {{ dag.dag_id }} failed for {{ data_interval_start | ds }} "
        "after {{ ti.try_number }} tries.</p>"
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
DAY = "{{ data_interval_start | ds }}"
