"""Each day at 06:00 UTC: whether what must be deleted is gone, and what must be kept is there."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronDataIntervalTimetable
from duty import DAY, DEFAULTS, FIRST_DAY, PARAMS, PRODUCT

with DAG(
    "retention_audit",
    description="Deletion and keeping, checked against the rules",
    schedule=CronDataIntervalTimetable("0 6 * * *", timezone="UTC"),
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    tags=["data"],
):
    # What it finds does not go away by itself: one more look, for a database that was away or a deletion under way.
    BashOperator(task_id="audit", bash_command=f"{PRODUCT} audit-retention --day {DAY}", retries=1)
