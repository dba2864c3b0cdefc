"""What the nightly, weekly and monthly jobs would have left, so that the dashboards have something to say."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from schema.db.session import Databases
from schema.db.tables.reservations import AttemptRow
from schema.db.tables.users import Cohort
from schema.ids import DEFAULT_ORGANISATION, cohort_id_for
from schema.period import Job, Unit
from tests.api.analytics.jobs import Results
from tests.e2e.stage import API, Stage

WEEKS = 8
COHORTS = ("Class of 2027", "Class of 2028", "Evening course")
KINDS = {"face_absent": "high", "multiple_faces": "critical", "tab_change": "medium", "looking_away": "low"}


async def leave_figures(stage: Stage) -> None:
    """Two days of incidents and one run of the grades in each week, for every exam that is offered."""
    this_week = Unit.WEEK.start_of(datetime.now(UTC).date())
    weeks = [this_week - timedelta(weeks=ago) for ago in range(WEEKS, 0, -1)]
    databases = Databases.open(stage.product.settings.database_url_of)
    results = Results(databases.analytics)
    await results.ran(Job.GRADES, *weeks)
    await results.ran(Job.ANOMALIES, *(week + timedelta(days=day) for week in weeks for day in range(7)))
    for place, exam in enumerate(await _offered(stage)):
        for number, week in enumerate(weeks):
            await _graded(results, week, exam, number + 3 * place)
            await _watched(results, week, exam[0], number + 3 * place)
    await _grouped(databases, results)
    await databases.close()


async def _grouped(databases: Databases, results: Results) -> None:
    """Three cohorts of the attempts there are, in two months that are over; the last is too small."""
    now = datetime.now(UTC)
    newest = Unit.MONTH.start_of(Unit.MONTH.start_of(now.date()) - timedelta(days=1))
    before = Unit.MONTH.start_of(newest - timedelta(days=1))
    await results.ran(Job.PERFORMANCE, before, newest)
    cohorts = {name: cohort_id_for(DEFAULT_ORGANISATION, name) for name in COHORTS}
    async with databases.users.write() as session:
        facts = {"organisation_id": DEFAULT_ORGANISATION, "created_at": now}
        session.add_all([Cohort(cohort_id=key, name=name, **facts) for name, key in cohorts.items()])
    async with databases.reservations.write() as session:
        latest = select(AttemptRow).order_by(AttemptRow.created_at.desc()).limit(len(cohorts))
        for attempt, cohort_id in zip(await session.scalars(latest), cohorts.values(), strict=False):
            attempt.cohort_id = cohort_id
    for place, cohort_id in enumerate(list(cohorts.values())[:-1]):
        some = {"students": 24 - 5 * place, "attempts": 60 - 9 * place, "pass_rate": 0.8 - 0.15 * place}
        mean = 71.5 - 6 * place
        await results.cohort(before, cohort_id, **some, mean_percent=mean, trend=None)
        await results.cohort(
            newest, cohort_id, **some, mean_percent=mean + 3 - 5 * place, trend=3.0 - 5 * place
        )
    await results.cohort(newest, list(cohorts.values())[-1])


async def _offered(stage: Stage) -> list[tuple[UUID, list[UUID]]]:
    """Each published exam with its questions."""
    author = stage.people["author"]
    known = [
        await author.get(f"{API}/exams/{one['exam_id']}")
        for one in (await author.get(f"{API}/exams"))["items"]
    ]
    return [
        (
            UUID(exam["exam_id"]),
            [UUID(one["question_id"]) for part in exam["sections"] for one in part["questions"]],
        )
        for exam in known
        if exam["is_published"]
    ]


async def _graded(results: Results, week: date, exam: tuple[UUID, list[UUID]], turn: int) -> None:
    exam_id, questions = exam
    attempts, passed = 40 + 5 * (turn % 4), 28 + 3 * (turn % 5)
    await results.week(week, exam_id, attempts, 58.0 + 2 * (turn % 6), passed=passed)
    shares = {30: attempts // 8, 50: attempts // 4, 60: attempts // 3}
    await results.scores(week, exam_id, {**shares, 80: attempts - sum(shares.values())})
    for place, question_id in enumerate(questions):
        easy, telling = 0.9 - 0.14 * place, 0.2 + 0.09 * place
        await results.item(week, exam_id, question_id, attempts, difficulty=easy, discrimination=telling)


async def _watched(results: Results, week: date, exam_id: UUID, turn: int) -> None:
    for place, (kind, severity) in enumerate(KINDS.items()):
        count = 2 + (turn * 3 + place * 5) % 9
        decided = {"reviewed": count - 1, "cleared": (count - 1) * (place + 1) // 5}
        day = week + timedelta(days=1 + place)
        await results.incidents(
            day, exam_id, count, kind=kind, severity=severity, mean_confidence=0.7, **decided
        )
