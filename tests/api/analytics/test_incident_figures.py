"""Incidents over days: sums of what the daily job wrote, and never a zero for a day that is not computed."""

from datetime import UTC, date, datetime

import pytest

from schema.ids import new_id
from schema.period import Job
from schema.role import Role
from tests.api.analytics.jobs import Results
from tests.api.house import House

DAYS = [date(2027, 1, day) for day in (4, 5, 6, 7)]
RANGE = {"from": "2027-01-04", "to": "2027-01-07"}
ALL = "/api/analytics/incidents"


async def test_sums_and_shares_are_those_of_the_rows(house: House, results: Results) -> None:
    proctor, exam, other = await house.person(Role.PROCTOR), await house.exam(), await house.exam()
    await results.ran(Job.ANOMALIES, *DAYS)
    face = {"kind": "face_absent", "severity": "high"}
    await results.incidents(DAYS[0], exam.exam_id, 3, **face, mean_confidence=0.5, reviewed=2, cleared=1)
    await results.incidents(
        DAYS[0], exam.exam_id, 1, **face, hour=14, mean_confidence=0.9, ruled=1, false_positives=1
    )
    await results.incidents(DAYS[2], other.exam_id, 4, mean_confidence=1.0, ruled=3)

    found = (await house.client.get(ALL, params=RANGE, headers=proctor.headers)).json()

    assert found["total"] == {
        "incidents": 8, "mean_confidence": pytest.approx((3 * 0.5 + 0.9 + 4) / 8), "reviewed": 2, "cleared": 1,
        "share_cleared": 0.5, "ruled": 4, "false_positives": 1, "false_positive_rate": 0.25,
    }  # fmt: skip
    assert [(one["kind"], one["incidents"]) for one in found["by_kind"]] == [("face_absent", 4), ("paste", 4)]
    assert [(one["severity"], one["incidents"]) for one in found["by_severity"]] == [("high", 4), ("low", 4)]
    assert {one["hour"]: one["incidents"] for one in found["by_hour"] if one["incidents"]} == {9: 7, 14: 1}
    assert [
        (one["exam_id"], one["incidents"], one["false_positive_rate"]) for one in found["by_exam"]
    ] == sorted([(str(exam.exam_id), 4, 1.0), (str(other.exam_id), 4, 0.0)])
    assert [one["tally"]["incidents"] for one in found["by_day"]] == [4, 0, 4, 0]


async def test_an_exams_figures_are_its_own(house: House, results: Results) -> None:
    author = await house.person(Role.AUTHOR)
    exam, other = await house.exam(author.person_id), await house.exam()
    await results.ran(Job.ANOMALIES, *DAYS)
    await results.incidents(DAYS[0], exam.exam_id, 3)
    await results.incidents(DAYS[0], other.exam_id, 5)

    url = f"/api/analytics/exams/{exam.exam_id}/incidents"
    found = (await house.client.get(url, params=RANGE, headers=author.headers)).json()

    assert found["total"]["incidents"] == 3
    assert [one["title"] for one in found["by_exam"]] == ["Geography"]


async def test_what_is_not_computed_is_not_zero(house: House, results: Results) -> None:
    proctor, exam = await house.person(Role.PROCTOR), await house.exam()
    await results.ran(Job.ANOMALIES, DAYS[0], lines_read=7, lines_quarantined=2, late_events=1)
    await results.ran(Job.ANOMALIES, DAYS[2], computed_at=datetime(2027, 1, 6, 12, tzinfo=UTC), duplicates=4)
    await results.incidents(DAYS[0], exam.exam_id, 3)

    found = (await house.client.get(ALL, params=RANGE, headers=proctor.headers)).json()

    assert found["coverage"] == {
        "job": "daily_anomaly_aggregation", "unit": "day", "first_day": "2027-01-04", "last_day": "2027-01-07",
        "periods": 4, "computed": 2, "computed_at": "2027-01-06T12:00:00Z",
        "oldest_computed_at": "2027-01-05T02:00:00Z", "not_computed": ["2027-01-05", "2027-01-07"],
        "not_complete": ["2027-01-06"], "lines_read": 17, "lines_quarantined": 2, "duplicates": 4, "late_events": 1,
    }  # fmt: skip
    states = [(one["state"], one["tally"] and one["tally"]["incidents"]) for one in found["by_day"]]
    assert states == [("computed", 3), ("not_computed", None), ("not_complete", 0), ("not_computed", None)]


async def test_before_the_first_run_nothing_is_said(house: House) -> None:
    proctor = await house.person(Role.PROCTOR)

    found = (await house.client.get(ALL, headers=proctor.headers)).json()

    assert (found["total"], found["by_hour"], found["by_kind"]) == (None, [], [])
    coverage = found["coverage"]
    assert (coverage["periods"], coverage["computed"], coverage["computed_at"]) == (28, 0, None)
    assert (coverage["first_day"], coverage["last_day"]) == ("2026-12-14", "2027-01-10")
    assert coverage["lines_quarantined"] is None


async def test_another_organisations_exams_are_in_no_sum(house: House, results: Results) -> None:
    stranger = await house.person(Role.ADMIN, organisation_id=new_id())
    exam = await house.exam()
    await results.ran(Job.ANOMALIES, *DAYS)
    await results.incidents(DAYS[0], exam.exam_id, 3)

    everything = await house.client.get(ALL, params=RANGE, headers=stranger.headers)
    one = await house.client.get(f"/api/analytics/exams/{exam.exam_id}/incidents", headers=stranger.headers)

    assert everything.json()["total"]["incidents"] == 0
    assert everything.json()["by_exam"] == []
    assert one.status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.PROCTOR, 200), (Role.REVIEWER, 200), (Role.ADMIN, 200), (Role.AUTHOR, 403), (Role.GRADER, 403),
        (Role.STUDENT, 403),
    ],
)  # fmt: skip
async def test_whose_incidents_an_exams_are(house: House, role: Role, status: int) -> None:
    exam, reader = await house.exam(), await house.person(role)

    answer = await house.client.get(f"/api/analytics/exams/{exam.exam_id}/incidents", headers=reader.headers)

    assert answer.status_code == status
