"""Each day at 02:00 UTC: the incidents of the day before; days missed in an outage are made up for."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronDataIntervalTimetable
from duty import DAY, DEFAULTS, FIRST_DAY, PARAMS, SPARK_JOB

with DAG(
    "daily_anomaly_aggregation",
    description="Incidents by exam, kind, hour and severity",
    schedule=CronDataIntervalTimetable("0 2 * * *", timezone="UTC"),
    start_date=FIRST_DAY,
    catchup=True,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    tags=["figures"],
):
    BashOperator(
        task_id="aggregate",
        bash_command=f"{SPARK_JOB}/daily_anomaly_aggregation.py {DAY}",
        pool="lake",
    )
