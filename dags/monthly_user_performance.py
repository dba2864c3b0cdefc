"""On the 1st at 04:00 UTC: the performance of the month that ended; months missed in an outage are made up for."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronDataIntervalTimetable
from duty import DAY, DEFAULTS, FIRST_DAY, PARAMS, SPARK_JOB

with DAG(
    "monthly_user_performance",
    description="Performance and trend per student and cohort",
    schedule=CronDataIntervalTimetable("0 4 1 * *", timezone="UTC"),
    start_date=FIRST_DAY,
    catchup=True,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    tags=["figures"],
):
    BashOperator(
        task_id="measure",
        bash_command=f"{SPARK_JOB}/monthly_user_performance.py {DAY}",
        pool="lake",
    )
