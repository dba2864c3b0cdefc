"""The DAGs as Airflow reads them: whole, quick, and each run for the interval that design.md names."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.stack.airflow.desk import Desk, until
from tests.stack.running import RunningStack
from workers.stack.airflow_home import PROGRAM, ROOT

DAGS = {path.stem for path in (ROOT / "dags").glob("*.py")} - {"duty"}

# Reads the DAG files as a DAG processor does, and asks each timetable which interval ends last before an instant.
READER = """
import json, sys
import pendulum
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
folder, instants = sys.argv[1], sys.argv[2:]
sys.path.insert(0, folder)
bag = DagBag(folder)
assert not bag.import_errors, bag.import_errors
seconds = {dag: each.duration.total_seconds() for each in bag.dagbag_stats for dag in bag.dags if dag in each.file}
told = {}
for dag in bag.dags.values():
    timetable = DagSerialization.from_dict(DagSerialization.to_dict(dag)).timetable
    intervals = [timetable.infer_manual_data_interval(run_after=pendulum.parse(one)) for one in instants]
    told[dag.dag_id] = {
        "seconds": seconds[dag.dag_id],
        "catchup": dag.catchup,
        "intervals": [[str(each.start), str(each.end)] for each in intervals],
        "tasks": {
            task.task_id: [
                task.retries, bool(task.retry_exponential_backoff), task.execution_timeout is not None,
                bool(task.on_failure_callback), task.pool,
            ]
            for task in dag.tasks
        },
    }
print("TOLD" + json.dumps(told))
"""
# A Sunday, a Wednesday, and the first of a month, each at noon.
INSTANTS = ("2026-11-22T12:00:00Z", "2026-11-25T12:00:00Z", "2026-12-01T12:00:00Z")


@pytest.fixture(scope="module")
def read(stack: RunningStack) -> dict[str, Any]:
    """Read with an environment that holds nothing of the product's."""
    bare = {"AIRFLOW_HOME": str(stack.var_dir / "airflow"), "PATH": "/usr/bin:/bin"}
    command = (str(PROGRAM.with_name("python")), "-c", READER, str(ROOT / "dags"), *INSTANTS)
    done = subprocess.run(command, env=bare, cwd=Path("/"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.partition("TOLD")[2])
    return told


def days(read: dict[str, Any], dag: str) -> list[str]:
    """The day that a run at each of the instants is for."""
    return [start[:10] for start, _ in read[dag]["intervals"]]


def test_airflow_reads_all_of_them_without_a_complaint(desk: Desk) -> None:
    until(lambda: desk.dags() == DAGS, "all DAGs are read")

    assert desk.ask("GET", "/importErrors")["import_errors"] == []


def test_reading_them_needs_nothing_but_airflow_and_no_time(read: dict[str, Any]) -> None:
    assert read.keys() == DAGS
    # The first one loads Airflow's operators.
    assert sorted(dag["seconds"] for dag in read.values())[-2] < 0.5


@pytest.mark.parametrize(
    "dag", ["daily_anomaly_aggregation", "lake_compaction", "retention_audit", "database_backup"]
)
def test_a_daily_run_is_for_the_day_before(read: dict[str, Any], dag: str) -> None:
    assert days(read, dag) == ["2026-11-21", "2026-11-24", "2026-11-30"]


def test_the_daily_job_runs_at_two(read: dict[str, Any]) -> None:
    assert read["daily_anomaly_aggregation"]["intervals"][0] == [
        "2026-11-21 02:00:00+00:00",
        "2026-11-22 02:00:00+00:00",
    ]


def test_a_weekly_run_is_for_the_sunday_that_its_week_begins_with(read: dict[str, Any]) -> None:
    assert days(read, "weekly_grade_analytics") == ["2026-11-15", "2026-11-15", "2026-11-22"]


def test_a_monthly_run_is_for_the_first_of_the_month_that_ended(read: dict[str, Any]) -> None:
    assert days(read, "monthly_user_performance") == ["2026-10-01", "2026-10-01", "2026-11-01"]


def test_missed_runs_are_made_up_for_where_the_past_can_still_be_computed(read: dict[str, Any]) -> None:
    assert {dag for dag in DAGS if not read[dag]["catchup"]} == {"retention_audit", "database_backup"}


def test_every_task_is_tried_again_limited_and_missed_by_mail(read: dict[str, Any]) -> None:
    tasks = {(dag, name): task for dag in DAGS for name, task in read[dag]["tasks"].items()}

    assert all(again and backs_off and ends and tells for again, backs_off, ends, tells, _ in tasks.values())


def test_jobs_on_the_lake_take_turns(read: dict[str, Any]) -> None:
    pools = {dag: {task[-1] for task in read[dag]["tasks"].values()} for dag in DAGS}

    assert {dag for dag in DAGS if pools[dag] == {"lake"}} == {
        "daily_anomaly_aggregation",
        "weekly_grade_analytics",
        "monthly_user_performance",
        "lake_compaction",
    }


def test_a_wrong_password_is_refused(stack: RunningStack, desk: Desk) -> None:
    answer = desk.http.post("/auth/token", json={"username": "admin", "password": "wrong"})

    assert answer.status_code == 401
