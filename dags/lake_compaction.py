"""Each day at 05:00 UTC: the lake's small objects of the day before become large ones."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronDataIntervalTimetable
from duty import DAY, DEFAULTS, FIRST_DAY, PARAMS, PRODUCT

with DAG(
    "lake_compaction",
    description="Small objects of the lake into large ones",
    schedule=CronDataIntervalTimetable("0 5 * * *", timezone="UTC"),
    start_date=FIRST_DAY,
    catchup=True,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    tags=["lake"],
):
    BashOperator(
        task_id="compact",
        bash_command=f"{PRODUCT} compact --day {DAY}",
        pool="lake",
    )
