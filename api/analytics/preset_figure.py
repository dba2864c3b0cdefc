"""Incidents by the preset of detection that their attempts were watched with.

The analytics tables know exams; which preset an attempt has is frozen in its exam's version. So the presets of the
attempts whose slots touch the range are read from the reservations database, by a session of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.analytics.coverage import Coverage
from api.analytics.incident_figure import (
    SUMS,
    IncidentFigures,
    KindTally,
    PresetTally,
    figures_of,
    incident_figures,
)
from api.analytics.span import Span
from api.context import Context
from schema.db.tables.analytics import AnomalyDay
from schema.db.tables.reservations import AttemptRow, ExamVersion, SlotRow
from schema.incident import Preset
from schema.period import ONE_DAY

SEVERAL = "several"  # attempts of the range had different ones; incidents are counted by exam, so they stay together
UNKNOWN = "unknown"  # no attempt of the range is known any more
ORDER = [*Preset, SEVERAL, UNKNOWN]
LONGEST_OVERTIME = timedelta(days=1)  # pauses and extra time let an attempt end after its slot

Sums = tuple[Any, ...]


async def incidents_with_presets(context: Context, span: Span, titles: Mapping[UUID, str]) -> IncidentFigures:
    """Incidents of these exams, by id, with their presets."""
    async with context.databases.analytics.read() as session:
        figures = await incident_figures(session, span, titles)
        found = [one.exam_id for one in figures.by_exam]
        sums = await _sums(session, figures.coverage, found)
    presets = await _presets(context, figures.coverage, found)
    return figures.model_copy(update={"by_preset": _by_preset(sums, presets)})


async def _sums(
    session: AsyncSession, coverage: Coverage, exam_ids: list[UUID]
) -> dict[tuple[UUID, str], Sums]:
    key = (AnomalyDay.exam_id, AnomalyDay.kind)
    inside = AnomalyDay.period_start.between(coverage.first_day, coverage.last_day)
    query = select(*key, *SUMS).where(inside, AnomalyDay.exam_id.in_(exam_ids)).group_by(*key).order_by(*key)
    return {(row[0], row[1]): tuple(row[2:]) for row in await session.execute(query)}


async def _presets(context: Context, coverage: Coverage, exam_ids: list[UUID]) -> dict[UUID, str]:
    """By exam: the preset of its attempts in the range. Each version's content is looked into once."""
    begin = datetime.combine(coverage.first_day, time(), UTC) - LONGEST_OVERTIME
    end = datetime.combine(coverage.last_day + ONE_DAY, time(), UTC)
    used = (
        select(AttemptRow.exam_id, AttemptRow.exam_version.label("version"))
        .join(SlotRow, SlotRow.slot_id == AttemptRow.slot_id)
        .where(AttemptRow.exam_id.in_(exam_ids), SlotRow.ends_at >= begin, SlotRow.starts_at < end)
        .distinct()
        .subquery()
    )
    preset = ExamVersion.content[("policy", "detection", "preset")].as_string()
    same = (used.c.exam_id == ExamVersion.exam_id) & (used.c.version == ExamVersion.version)
    found: dict[UUID, set[str]] = defaultdict(set)
    async with context.databases.reservations.read() as session:
        query = select(ExamVersion.exam_id, func.coalesce(preset, Preset.MODERATE)).join(used, same)
        for exam_id, word in await session.execute(query):
            found[exam_id].add(word)
    return {exam_id: words.pop() if len(words) == 1 else SEVERAL for exam_id, words in found.items()}


def _by_preset(sums: Mapping[tuple[UUID, str], Sums], presets: Mapping[UUID, str]) -> list[PresetTally]:
    kinds: dict[str, dict[str, list[Sums]]] = defaultdict(lambda: defaultdict(list))
    for (exam_id, kind), some in sums.items():
        kinds[presets.get(exam_id, UNKNOWN)][kind].append(some)
    return [
        PresetTally(
            preset=preset,
            **figures_of(_added(one for some in kinds[preset].values() for one in some)),
            kinds=[
                KindTally(kind=kind, **figures_of(_added(some)))
                for kind, some in sorted(kinds[preset].items())
            ],
        )
        for preset in sorted(kinds, key=ORDER.index)
    ]


def _added(some: Iterable[Sums]) -> Sums:
    return tuple(sum(value or 0 for value in column) for column in zip(*some, strict=True))
