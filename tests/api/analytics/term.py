"""A term as the batch jobs would have counted it: an exam with five questions, one week and some days not computed."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from schema.db.tables.reservations import ExamRow, ExamVersion
from schema.exam import Exam, ExamPolicy, Section, TrueFalse
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.period import Job
from schema.role import Role
from tests.api.analytics.jobs import Results
from tests.api.house import House, Someone

TITLE = "=1+1 Biology <II> 生物学"
QUESTIONS = (
    "Mitochondria make most of a cell's energy.",
    "-2 is the charge of a sulphide ion; choose what follows for its salts",
    "Explain how the kidney keeps water",
    "Κύτταρο: name its parts",
    "@home plants bend towards light",
)
WEEKS = [date(2026, 11, 29) + timedelta(weeks=number) for number in range(5)]
NOT_COMPUTED = WEEKS[3]
QUERY = {"from": "2026-12-01", "to": "2026-12-31"}
COHORTS = tuple(UUID(int=0x0190 << 112 | number) for number in (0xA1, 0xB2))


@dataclass(frozen=True)
class Term:
    """Who and what the figures are about."""

    author: Someone
    student: Someone
    exam: Exam
    other: Exam


async def term(house: House, results: Results) -> Term:
    author, student = await house.person(Role.AUTHOR), await house.person(Role.STUDENT)
    exam, other = await _exam(house, author.person_id), await house.exam(author.person_id)
    await _weeks(results, exam, other)
    await _days(results, exam, other)
    await _months(house, results, student, exam)
    return Term(author, student, exam, other)


async def _exam(house: House, author_id: UUID) -> Exam:
    questions = tuple(TrueFalse(question_id=new_id(), text=text, answer=True) for text in QUESTIONS)
    exam = Exam(
        exam_id=new_id(), organisation_id=DEFAULT_ORGANISATION, author_id=author_id, title=TITLE,
        policy=ExamPolicy(), sections=(Section(section_id=new_id(), questions=questions),), is_published=True,
    )  # fmt: skip
    now = house.clock()
    row = ExamRow(
        exam_id=exam.exam_id, organisation_id=DEFAULT_ORGANISATION, author_id=author_id, title=TITLE,
        is_published=True, version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    version = ExamVersion(
        exam_id=exam.exam_id, version=1, content=exam.model_dump(mode="json"), created_at=now
    )
    async with house.context.databases.reservations.write() as session:
        session.add_all([row, version])
    return exam


async def _weeks(results: Results, exam: Exam, other: Exam) -> None:
    computed = [week for week in WEEKS if week != NOT_COMPUTED]
    await results.ran(Job.GRADES, *computed, lines_read=40, lines_quarantined=1, late_events=2)
    for week, attempts, mean, passed in zip(
        computed, (12, 20, 8, 3), (58.25, 63.5, 61.0, 71.5), (7, 14, 5, 3), strict=True
    ):
        await results.week(week, exam.exam_id, attempts, mean, passed=passed, alpha=0.62 + attempts / 100)
    await results.week(computed[1], other.exam_id, 9, 41.0, passed=2, alpha=None)
    await results.scores(computed[0], exam.exam_id, {20: 1, 40: 2, 50: 4, 60: 5})
    await results.scores(computed[1], exam.exam_id, {30: 2, 50: 3, 60: 9, 70: 4, 90: 2})
    await results.scores(computed[2], exam.exam_id, {50: 4, 70: 4})
    await results.scores(computed[3], exam.exam_id, {70: 3})
    for number, question in enumerate(exam.questions):
        for week in computed[:2]:
            await results.item(
                week, exam.exam_id, question.question_id, 12, difficulty=0.35 + number * 0.125,
                discrimination=0.45 - number * 0.15, mean_seconds=30.0 + 17 * number,
            )  # fmt: skip


async def _days(results: Results, exam: Exam, other: Exam) -> None:
    days = [date(2026, 12, day) for day in range(1, 32)]
    computed = [day for day in days if day.day not in {9, 10, 11, 24}]
    await results.ran(Job.ANOMALIES, *computed)
    face = {"kind": "face_absent", "severity": "high", "mean_confidence": 0.75}
    object_ = {"kind": "forbidden_object", "severity": "high", "mean_confidence": 0.41}
    for day in computed[::3]:
        await results.incidents(day, exam.exam_id, 1 + day.day % 5, **face, hour=9, reviewed=1, cleared=1)
        await results.incidents(day, exam.exam_id, 2, hour=14 + day.day % 4, ruled=2, false_positives=1)
    await results.incidents(computed[4], exam.exam_id, 3, **object_, hour=10, ruled=3, false_positives=2)
    await results.incidents(computed[4], other.exam_id, 2, **object_, hour=23)


async def _months(house: House, results: Results, student: Someone, exam: Exam) -> None:
    months = [date(2026, month, 1) for month in (9, 10, 12)]
    await results.ran(Job.PERFORMANCE, *months)
    slot_id = await house.slot(exam)
    for cohort_id in COHORTS:
        await house.attempt(new_id(), exam, slot_id, cohort_id=cohort_id)
    for month, mean, trend in zip(months, (52.0, 66.5, 71.25), (None, 14.5, None), strict=True):
        await results.student(month, student.person_id, 2, mean, passed=1, trend=trend)
        some = {"students": 7, "attempts": 9, "mean_percent": mean - 3, "pass_rate": 0.6, "trend": trend}
        await results.cohort(month, COHORTS[0], **some)
    await results.cohort(months[2], COHORTS[1])
