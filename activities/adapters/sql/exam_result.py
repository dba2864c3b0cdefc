"""The results of an exam over four schemas, each read on its own and put together by ids."""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import func, select

from activities.adapters.sql.counting import SqlCounting, Standing
from schema.db.session import Databases
from schema.db.tables.corrections import MarkingRound
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AttemptRow
from schema.db.tables.users import Person
from schema.exam_result import ExamResult
from schema.incident import Severity

IDS_PER_QUERY = 500


class SqlExamResults:
    """Reads the lines of an exam's list of results."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    async def of_exam(self, exam_id: UUID) -> Sequence[ExamResult]:
        """One per attempt, by student number, name and time of reservation."""
        attempts = await self._attempts(exam_id)
        people = await self._people([attempt.student_id for attempt in attempts])
        ids = [attempt.attempt_id for attempt in attempts]
        rounds, incidents = await self._rounds(ids), await self._incidents(ids)
        standings = await SqlCounting(self._databases).of(attempts)
        lines = [
            _line(
                attempt,
                people.get(attempt.student_id),
                rounds.get(attempt.attempt_id),
                incidents[attempt.attempt_id],
                standings.get(attempt.attempt_id),
            )
            for attempt in attempts
        ]
        return sorted(lines, key=lambda line: (line.student_number, line.student_name))

    async def _attempts(self, exam_id: UUID) -> Sequence[AttemptRow]:
        query = select(AttemptRow).where(AttemptRow.exam_id == exam_id).order_by(AttemptRow.created_at)
        async with self._databases.reservations.read() as session:
            return (await session.scalars(query)).all()

    async def _people(self, ids: Sequence[UUID]) -> dict[UUID, Person]:
        found: dict[UUID, Person] = {}
        async with self._databases.users.read() as session:
            for some in _runs(sorted(set(ids))):
                rows = await session.scalars(select(Person).where(Person.person_id.in_(some)))
                found |= {row.person_id: row for row in rows}
        return found

    async def _rounds(self, ids: Sequence[UUID]) -> dict[UUID, MarkingRound]:
        newest: dict[UUID, MarkingRound] = {}
        async with self._databases.corrections.read() as session:
            for some in _runs(ids):
                complete = (MarkingRound.attempt_id.in_(some), MarkingRound.completed_at.is_not(None))
                rows = await session.scalars(
                    select(MarkingRound).where(*complete).order_by(MarkingRound.round_number)
                )
                newest |= {row.attempt_id: row for row in rows}
        return newest

    async def _incidents(self, ids: Sequence[UUID]) -> Counter[UUID]:
        counted: Counter[UUID] = Counter()
        async with self._databases.monitoring.read() as session:
            for some in _runs(ids):
                scored = IncidentRow.severity != Severity.TECHNICAL.value
                query = select(IncidentRow.attempt_id, func.count()).where(
                    IncidentRow.attempt_id.in_(some), scored
                )
                for attempt_id, count in await session.execute(query.group_by(IncidentRow.attempt_id)):
                    counted[attempt_id] = count
        return counted


def _runs(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), IDS_PER_QUERY):
        yield ids[start : start + IDS_PER_QUERY]


def _first(at_door: str | None, now: str) -> str:
    """What was kept when the student came in counts, not what they call themselves since."""
    return now if at_door is None else at_door


def _line(
    attempt: AttemptRow,
    person: Person | None,
    round_: MarkingRound | None,
    incidents: int,
    standing: Standing | None,
) -> ExamResult:
    return ExamResult(
        attempt_id=attempt.attempt_id,
        student_id=attempt.student_id,
        student_number=_first(attempt.number_at_door, person.student_number if person else ""),
        student_name=_first(attempt.name_at_door, person.display_name if person else ""),
        phase=attempt.phase,
        integrity=attempt.integrity,
        release=attempt.release,
        exam_version=attempt.exam_version,
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        round_number=round_.round_number if round_ else None,
        earned=round_.earned if round_ else None,
        points=round_.points if round_ else None,
        percent=round_.percent if round_ else None,
        passed=round_.passed if round_ else None,
        incidents=incidents,
        risk=attempt.risk,
        counts=standing.counts if standing else None,
    )
