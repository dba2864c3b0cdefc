"""What the nightly and weekly jobs would have left of eight weeks, so that the dashboards have something to say."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from schema.db.session import Databases
from schema.period import Job, Unit
from tests.api.analytics.jobs import Results
from tests.e2e.stage import API, Stage

WEEKS = 8
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
    await databases.close()


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
