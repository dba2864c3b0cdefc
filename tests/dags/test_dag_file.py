"""DAG files hold operators only: Airflow reads them again and again, so nothing in them computes or asks."""

import ast
from pathlib import Path

import pytest

DAGS = Path(__file__).parents[2] / "dags"
SHARED = DAGS / "duty.py"
FILES = sorted(path for path in DAGS.glob("*.py") if path != SHARED)
MAY_BE_CALLED = {"DAG", "BashOperator", "CronDataIntervalTimetable"}
FROM = ("airflow.providers.", "airflow.sdk", "duty")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_the_six_are_there() -> None:
    assert [path.stem for path in FILES] == [
        "daily_anomaly_aggregation",
        "database_backup",
        "lake_compaction",
        "monthly_user_performance",
        "retention_audit",
        "weekly_grade_analytics",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_is_a_sentence_imports_and_one_dag(path: Path) -> None:
    sentence, *imports, dag = parsed(path).body

    assert isinstance(sentence, ast.Expr)
    assert all(isinstance(line, ast.ImportFrom) and (line.module or "").startswith(FROM) for line in imports)
    assert isinstance(dag, ast.With)
    assert all(isinstance(line, ast.Assign | ast.Expr) for line in dag.body)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_calls_nothing_but_operators(path: Path) -> None:
    assert called(parsed(path)) == MAY_BE_CALLED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_is_named_like_its_file(path: Path) -> None:
    names = [
        node.args[0].value
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "DAG"
        and isinstance(node.args[0], ast.Constant)
    ]

    assert names == [path.stem]


def test_what_dags_share_asks_nothing_but_one_variable() -> None:
    """A file, a database or an address asked for here would be asked for every half minute."""
    assert called(parsed(SHARED)) == {
        "Param",
        "SmtpNotifier",
        "datetime.fromisoformat",
        "datetime.fromisoformat(os.environ.get('PROCTORWISE_FIRST_DAY', '2026-11-01')).replace",
        "os.environ.get",
        "timedelta",
    }


def test_no_dag_knows_an_hour_of_its_own() -> None:
    """Runs are for an interval; 'now' is never asked."""
    said = [
        path.name
        for path in (*FILES, SHARED)
        if "now" in {word.split(".")[-1] for word in called(parsed(path))}
    ]

    assert said == []
