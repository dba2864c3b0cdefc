"""The daily job, from the lake's files to the database: late, doubled and broken lines, and running again."""

import json
from datetime import timedelta

from batch.daily_anomaly_aggregation import JOB, days_to_compute, run
from batch.period import day_of
from batch.workplace import Workplace
from schema.db.tables.analytics import AnomalyDay, JobRun
from schema.incident import IncidentKind
from tests.spark.event_maker import DAY, anomaly, at, decision, ident
from tests.spark.telling import append, lake_of, rows_of, store

NEXT_DAY = DAY + timedelta(days=1)


def test_a_day_is_counted_by_exam_kind_severity_and_hour(place: Workplace) -> None:
    store(
        place,
        anomaly("a", at(9), attempt="one", confidence=0.4),
        anomaly("b", at(9), attempt="two", confidence=0.8),
        anomaly("c", at(10), attempt="one"),
        anomaly("d", at(10), IncidentKind.MULTIPLE_FACES, attempt="one"),
        anomaly("e", at(10), attempt="three", exam="other"),
        decision("upheld", at(12), {"a": "confirmed", "d": "confirmed"}, attempt="one"),
        decision("cleared", at(8, day=20), {"a": "not_an_incident", "c": "explained"}, attempt="one"),
    )

    run(place, day_of(DAY))

    rows = {
        (row["exam_id"], row["kind"], row["severity"], row["hour"]): row for row in rows_of(place, AnomalyDay)
    }
    exam, other = ident("exam"), ident("other")
    assert set(rows) == {
        (exam, "tab_change", "medium", 9),
        (exam, "tab_change", "medium", 10),
        (exam, "multiple_faces", "critical", 10),
        (other, "tab_change", "medium", 10),
    }
    nine = rows[exam, "tab_change", "medium", 9]
    assert (nine["incidents"], nine["reviewed"], nine["cleared"], nine["share_cleared"]) == (2, 1, 1, 1.0)
    assert (nine["ruled"], nine["false_positives"], nine["false_positive_rate"]) == (1, 1, 1.0)
    assert abs(nine["mean_confidence"] - 0.6) < 1e-12
    faces = rows[exam, "multiple_faces", "critical", 10]
    assert (faces["cleared"], faces["ruled"], faces["false_positives"]) == (1, 1, 0)
    unseen = rows[other, "tab_change", "medium", 10]
    assert (unseen["reviewed"], unseen["share_cleared"], unseen["false_positive_rate"]) == (0, None, None)


def test_events_written_a_day_late_or_twice_count_once_on_their_day(place: Workplace) -> None:
    event = anomaly("a", at(23), attempt="one")
    late = anomaly("b", at(23), attempt="two")
    store(place, event)
    append(place, "anomaly_detected", DAY, event.model_dump_json() + "\n")
    append(place, "anomaly_detected", NEXT_DAY, event.model_dump_json() + "\n")
    append(place, "anomaly_detected", NEXT_DAY, late.model_dump_json() + "\n")

    tally = run(place, day_of(DAY))
    run(place, day_of(NEXT_DAY))

    assert (tally.lines_read, tally.duplicates, tally.late_events, tally.lines_quarantined) == (2, 2, 1, 0)
    (row,) = rows_of(place, AnomalyDay)
    assert (row["period_start"], row["incidents"]) == (DAY, 2)


def test_what_comes_later_than_the_bound_is_kept_in_quarantine(place: Workplace) -> None:
    stale = anomaly("a", at(9), attempt="one").model_dump_json()
    append(place, "anomaly_detected", DAY + timedelta(days=3), stale + "\n")

    tally = run(place, day_of(DAY + timedelta(days=3)))

    assert (tally.lines_read, tally.lines_quarantined) == (1, 1)
    assert [one["problem"] for one in quarantined(place, DAY + timedelta(days=3))] == [
        "written more than 2 days late"
    ]


def test_bad_lines_are_quarantined_with_a_count_and_the_rest_is_computed(place: Workplace) -> None:
    good = anomaly("a", at(9), attempt="one")
    store(place, good)
    wrong = {**json.loads(good.model_dump_json()), "event_id": str(ident("x"))}
    bad = [
        "{broken",
        "",
        json.dumps({**wrong, "sequence": "first"}),
        json.dumps({**wrong, "occurred_at": "yesterday"}),
        json.dumps({**wrong, "attempt_id": 7}),
        json.dumps({**wrong, "version": 9}),
        json.dumps({**wrong, "data": {**wrong["data"], "kind": "yawning"}}),
        json.dumps({**wrong, "data": {**wrong["data"], "confidence": "high"}}),
        good.model_dump_json() * 2,
        good.model_dump_json()[:200],  # a file cut off
    ]
    append(place, "anomaly_detected", DAY, "\n".join(bad))

    tally = run(place, day_of(DAY))

    assert (tally.lines_read, tally.lines_quarantined) == (11, 10)
    assert sorted(one["line"] for one in quarantined(place)) == sorted(bad)
    assert all(one["problem"] and one["file"].endswith("events.jsonl") for one in quarantined(place))
    (row,) = rows_of(place, AnomalyDay)
    assert row["incidents"] == 1
    (entry,) = rows_of(place, JobRun)
    assert (entry["job"], entry["period_start"], entry["lines_quarantined"]) == (JOB, DAY, 10)


def test_a_day_run_again_is_replaced_and_other_days_stay(place: Workplace) -> None:
    before = DAY - timedelta(days=1)
    store(place, anomaly("z", at(9, day=before.day), attempt="one"), anomaly("a", at(9), attempt="one"))
    append(place, "anomaly_detected", DAY, "rubbish\n")
    run(place, day_of(before))
    run(place, day_of(DAY))
    (earlier,) = [row for row in rows_of(place, JobRun) if row["period_start"] == DAY]
    path = lake_of(place) / "raw/events/anomaly_detected" / f"{DAY:%Y/%m/%d}" / "events.jsonl"
    path.unlink()
    store(place, anomaly("b", at(11), attempt="two"))

    run(place, day_of(DAY))

    assert {(row["period_start"], row["hour"]) for row in rows_of(place, AnomalyDay)} == {
        (before, 9),
        (DAY, 11),
    }
    (later,) = [row for row in rows_of(place, JobRun) if row["period_start"] == DAY]
    assert later["computed_at"] > earlier["computed_at"]
    assert later["lines_quarantined"] == 0
    assert quarantined(place) == []
    parquet = place.spark.read.parquet(
        f"{place.lake_url}/processed/anomaly_reports/2026/11/anomaly_day-{DAY}"
    )
    assert [(row.hour, row.incidents, row.period_start) for row in parquet.collect()] == [(11, 1, DAY)]


def test_a_day_without_events_is_computed_and_empty(place: Workplace) -> None:
    run(place, day_of(DAY))

    assert rows_of(place, AnomalyDay) == []
    (entry,) = rows_of(place, JobRun)
    assert (entry["period_start"], entry["lines_read"]) == (DAY, 0)


def test_earlier_days_with_incidents_are_computed_again(place: Workplace) -> None:
    store(place, anomaly("a", at(9, day=15), attempt="one"), anomaly("b", at(9, day=10), attempt="one"))

    days = [period.start.day for period in days_to_compute(place, DAY)]

    assert days == [15, 18]


def quarantined(place: Workplace, day: object = DAY) -> list[dict[str, str]]:
    folder = lake_of(place) / "quarantine" / JOB / "2026" / "11" / str(day)
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.json"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
