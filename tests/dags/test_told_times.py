"""What the dashboards say of when the jobs run is when they run."""

import json
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
TEXTS = sorted((PROJECT / "api" / "static" / "text").glob("*/dashboard.json"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("job", ["daily_anomaly_aggregation", "weekly_grade_analytics"])
def test_the_hour_of_the_schedule_is_told(path: Path, job: str) -> None:
    dag = (PROJECT / "dags" / f"{job}.py").read_text(encoding="utf-8")
    found = re.search(r'CronDataIntervalTimetable\("(\d+) (\d+) ', dag)
    assert found is not None
    minute, hour = (int(part) for part in found.groups())

    assert f"{hour:02d}:{minute:02d} UTC" in json.loads(path.read_text(encoding="utf-8"))["made"][job]
