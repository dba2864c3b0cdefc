"""Each day at 01:00 UTC: a copy of every database, and a trial of restoring it."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronDataIntervalTimetable
from duty import DAY, DEFAULTS, FIRST_DAY, PARAMS, PRODUCT

with DAG(
    "database_backup",
    description="Copies of the databases, and a trial of restoring them",
    schedule=CronDataIntervalTimetable("0 1 * * *", timezone="UTC"),
    start_date=FIRST_DAY,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    tags=["data"],
):
    back_up = BashOperator(task_id="back_up", bash_command=f"{PRODUCT} backup --day {DAY}")
    try_restore = BashOperator(task_id="try_restore", bash_command=f"{PRODUCT} restore-check --day {DAY}")
    back_up >> try_restore
