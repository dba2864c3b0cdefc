"""Incidents by preset: that of the exam's version which the attempts of the range were reserved with."""

from datetime import date, timedelta
from typing import Any

from api.analytics.incident_figure import IncidentTally
from schema.db.tables.reservations import ExamRow, ExamVersion
from schema.exam import Exam
from schema.incident import Preset, policy_for
from schema.period import Job
from schema.role import Role
from tests.api.analytics.jobs import Results
from tests.api.house import House

DAYS = [date(2027, 1, 4), date(2027, 1, 5)]
RANGE = {"from": "2027-01-04", "to": "2027-01-05"}


async def watched_exam(house: House, preset: Preset | None, days_ago: int = 7) -> Exam:
    """An exam with this preset and one attempt, in a slot so many days before the eleventh."""
    policy: dict[str, Any] = {"detection": policy_for(preset)} if preset else {}
    exam = await house.exam(**policy)
    await seat(house, exam, days_ago)
    return exam


async def seat(house: House, exam: Exam, days_ago: int) -> None:
    student = await house.person(Role.STUDENT)
    await house.attempt(student.person_id, exam, await house.slot(exam, -timedelta(days=days_ago)))


async def changed(house: House, exam: Exam, preset: Preset) -> Exam:
    """The exam's next version, with another preset."""
    policy = exam.policy.model_copy(update={"detection": policy_for(preset)})
    newer = exam.model_copy(update={"version": exam.version + 1, "policy": policy})
    async with house.context.databases.reservations.write() as session:
        row = await session.get_one(ExamRow, exam.exam_id)
        row.version = newer.version
        content, now = newer.model_dump(mode="json"), house.clock()
        session.add(ExamVersion(exam_id=exam.exam_id, version=newer.version, content=content, created_at=now))
    return newer


async def by_preset(house: House) -> dict[str, dict[str, Any]]:
    proctor = await house.person(Role.PROCTOR)
    answer = await house.client.get("/api/analytics/incidents", params=RANGE, headers=proctor.headers)
    return {one["preset"]: one for one in answer.json()["by_preset"]}


async def test_exams_with_one_preset_are_added_by_kind(house: House, results: Results) -> None:
    strict = [await watched_exam(house, Preset.STRICT) for _ in range(2)]
    plain = await watched_exam(house, None)
    await results.ran(Job.ANOMALIES, *DAYS)
    await results.incidents(
        DAYS[0], strict[0].exam_id, 3, mean_confidence=0.5, reviewed=2, cleared=2, ruled=1
    )
    await results.incidents(DAYS[1], strict[1].exam_id, 1, mean_confidence=0.9, reviewed=2, cleared=1)
    await results.incidents(DAYS[1], strict[1].exam_id, 2, kind="face_absent", severity="high")
    await results.incidents(DAYS[0], plain.exam_id, 5)

    found = await by_preset(house)

    assert list(found) == ["strict", "moderate"]
    assert (found["strict"]["incidents"], found["strict"]["share_cleared"]) == (6, 0.75)
    paste, face = sorted(found["strict"]["kinds"], key=lambda one: -one["incidents"])
    expected = IncidentTally(
        incidents=4, mean_confidence=0.6, reviewed=4, cleared=3, share_cleared=0.75, ruled=1, false_positive_rate=0.0
    )  # fmt: skip
    assert paste == {"kind": "paste", **expected.model_dump()}
    assert (face["kind"], face["incidents"], face["share_cleared"]) == ("face_absent", 2, None)
    assert found["moderate"]["incidents"] == 5


async def test_a_preset_changed_before_the_range_counts_as_it_was_then(
    house: House, results: Results
) -> None:
    exam = await watched_exam(house, Preset.LENIENT, days_ago=40)
    await seat(house, await changed(house, exam, Preset.STRICT), days_ago=7)
    await results.ran(Job.ANOMALIES, *DAYS)
    await results.incidents(DAYS[0], exam.exam_id, 3)

    assert list(await by_preset(house)) == ["strict"]


async def test_what_cannot_be_told_is_named(house: House, results: Results) -> None:
    mixed = await watched_exam(house, Preset.LENIENT)
    await seat(house, await changed(house, mixed, Preset.STRICT), days_ago=7)
    bare = await house.exam()
    await results.ran(Job.ANOMALIES, *DAYS)
    await results.incidents(DAYS[0], mixed.exam_id, 3)
    await results.incidents(DAYS[0], bare.exam_id, 1)

    found = await by_preset(house)

    assert {preset: one["incidents"] for preset, one in found.items()} == {"several": 3, "unknown": 1}
