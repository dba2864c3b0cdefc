"""Arranges what the batch jobs would have written: runs, and rows of results."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from schema.db.session import Database
from schema.db.tables.analytics import (
    AnalyticsTable,
    AnomalyDay,
    CohortMonth,
    ExamWeek,
    ItemWeek,
    JobRun,
    ScoreBucket,
    StudentMonth,
)
from schema.period import Job


def at(day: date, hour: int = 2) -> datetime:
    """The next day, when the nightly jobs run."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) + timedelta(days=1)


class Results:
    """Rows of the analytics database."""

    def __init__(self, analytics: Database) -> None:
        self._analytics = analytics

    async def add(self, *rows: AnalyticsTable) -> None:
        async with self._analytics.write() as session:
            session.add_all(rows)

    async def ran(self, job: Job, *starts: date, **counts: Any) -> None:
        """These periods are computed, in the night after their end unless `computed_at` says otherwise."""
        none = {"lines_read": 10, "lines_quarantined": 0, "duplicates": 0, "late_events": 0}
        for start in starts:
            told = {"computed_at": at(job.unit.end_of(start)), **none, **counts}
            await self.add(JobRun(job=job.value, period_start=start, **told))

    async def incidents(self, day: date, exam_id: UUID, count: int, **columns: Any) -> None:
        row = {
            "kind": "paste", "severity": "low", "hour": 9, "mean_confidence": 1.0, "reviewed": 0, "cleared": 0,
            "ruled": 0, "false_positives": 0, **columns,
        }  # fmt: skip
        reviewed, ruled = row["reviewed"], row["ruled"]
        shares = {
            "share_cleared": row["cleared"] / reviewed if reviewed else None,
            "false_positive_rate": row["false_positives"] / ruled if ruled else None,
        }
        await self.add(
            AnomalyDay(
                period_start=day, exam_id=exam_id, incidents=count, computed_at=at(day), **row, **shares
            )
        )

    async def week(self, week: date, exam_id: UUID, attempts: int, mean: float, **columns: Any) -> None:
        row = {
            "median_percent": mean, "deviation": 10.0, "lowest_percent": mean - 20, "highest_percent": mean + 20,
            "passed": attempts, "items": 3, "alpha": 0.7, **columns,
        }  # fmt: skip
        await self.add(
            ExamWeek(
                period_start=week,
                exam_id=exam_id,
                attempts=attempts,
                mean_percent=mean,
                pass_rate=row["passed"] / attempts,
                computed_at=at(week),
                **row,
            )
        )

    async def scores(self, week: date, exam_id: UUID, buckets: dict[int, int]) -> None:
        rows = [
            ScoreBucket(
                period_start=week, exam_id=exam_id, from_percent=start, attempts=count, computed_at=at(week)
            )
            for start, count in buckets.items()
        ]
        await self.add(*rows)

    async def item(self, week: date, exam_id: UUID, question_id: UUID, answers: int, **columns: Any) -> None:
        row = {
            "difficulty": 0.5,
            "discrimination": 0.3,
            "mean_seconds": 40.0,
            "median_seconds": 35.0,
            **columns,
        }
        key = {"period_start": week, "exam_id": exam_id, "question_id": question_id}
        await self.add(ItemWeek(**key, answers=answers, computed_at=at(week), **row))

    async def student(
        self, month: date, student_id: UUID, attempts: int, mean: float, **columns: Any
    ) -> None:
        row = {"passed": attempts, "trend": None, **columns}
        await self.add(
            StudentMonth(
                period_start=month,
                student_id=student_id,
                attempts=attempts,
                mean_percent=mean,
                computed_at=at(month),
                **row,
            )
        )

    async def cohort(self, month: date, cohort_id: UUID, **columns: Any) -> None:
        none = {"students": None, "attempts": None, "mean_percent": None, "pass_rate": None, "trend": None}
        row = {"suppressed": not columns, **none, **columns}
        await self.add(CohortMonth(period_start=month, cohort_id=cohort_id, computed_at=at(month), **row))
