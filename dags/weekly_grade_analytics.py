"""On Sundays at 03:00 UTC: the grades of the week that ended; weeks missed in an outage are made up for."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronDataIntervalTimetable
from duty import DAY, DEFAULTS, FIRST_DAY, PARAMS, SPARK_JOB

with DAG(
    "weekly_grade_analytics",
    description="Distributions, pass rates, item difficulty and discrimination",
    schedule=CronDataIntervalTimetable("0 3 * * 0", timezone="UTC"),
    start_date=FIRST_DAY,
    catchup=True,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    tags=["figures"],
):
    BashOperator(
        task_id="analyse",
        bash_command=f"{SPARK_JOB}/weekly_grade_analytics.py {DAY}",
        pool="lake",
    )
