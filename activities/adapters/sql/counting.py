"""Which sittings count, over `_reservations` and `_corrections`, which meet here by ids."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, tuple_

from schema.attempt import Phase
from schema.db.session import Databases
from schema.db.tables.corrections import MarkingRound
from schema.db.tables.reservations import AttemptRow, ExamVersion
from schema.exam import ExamPolicy
from schema.outcome import Release
from schema.sitting.counting import HandedIn, counting
from schema.sitting.rule import Counting

IDS_PER_QUERY = 500
# Once a student sees a result, whether a better one counts instead tells nothing that is withheld.
SHOWN = frozenset({Release.RELEASED, Release.APPEALED, Release.FINAL, Release.ARCHIVED})

Pair = tuple[UUID, UUID]  # student and exam


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a sitting that was handed in counts, by which rule, and of how many."""

    counts: bool
    rule: Counting
    of_sittings: int
    counting_attempt_id: UUID


class SqlCounting:
    """Says of sittings that were handed in whether they count."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    async def of(self, rows: Iterable[AttemptRow], *, as_student: bool = False) -> dict[UUID, Standing]:
        """By attempt, also the other sittings of the same students at the same exams.

        A student learns nothing of marks that are not released: for them these are not known yet.
        """
        pairs = {(row.student_id, row.exam_id) for row in rows if row.phase == Phase.SUBMITTED}
        if not pairs:
            return {}
        handed_in = await self._handed_in(pairs)
        rules = await self._rules({(row.exam_id, row.exam_version) for row in handed_in})
        known = [row for row in handed_in if not as_student or Release(row.release) in SHOWN]
        percents = await self._percents([row.attempt_id for row in known])
        of_pair: dict[Pair, list[AttemptRow]] = defaultdict(list)
        for row in handed_in:
            of_pair[row.student_id, row.exam_id].append(row)
        found: dict[UUID, Standing] = {}
        for sittings in of_pair.values():
            found |= _standings(sittings, rules, percents)
        return found

    async def _handed_in(self, pairs: Collection[Pair]) -> list[AttemptRow]:
        row, found = AttemptRow, []
        wanted = sorted(pairs)
        async with self._databases.reservations.read() as session:
            for start in range(0, len(wanted), IDS_PER_QUERY):
                some = wanted[start : start + IDS_PER_QUERY]
                query = select(row).where(
                    tuple_(row.student_id, row.exam_id).in_(some), row.phase == Phase.SUBMITTED.value
                )
                found += list(await session.scalars(query))
        return found

    async def _rules(self, versions: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], Counting]:
        found: dict[tuple[UUID, int], Counting] = {}
        async with self._databases.reservations.read() as session:
            for key in versions:
                version = await session.get(ExamVersion, key)
                policy = {} if version is None else version.content["policy"]
                found[key] = ExamPolicy.model_validate(policy).counts
        return found

    async def _percents(self, attempt_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
        """Of the newest complete round of each."""
        found: dict[UUID, Decimal] = {}
        async with self._databases.corrections.read() as session:
            for start in range(0, len(attempt_ids), IDS_PER_QUERY):
                some = attempt_ids[start : start + IDS_PER_QUERY]
                complete = select(MarkingRound).where(
                    MarkingRound.attempt_id.in_(some), MarkingRound.completed_at.is_not(None)
                )
                rounds = await session.scalars(complete.order_by(MarkingRound.round_number))
                found |= {one.attempt_id: one.percent for one in rounds if one.percent is not None}
        return found


def _standings(
    sittings: Sequence[AttemptRow],
    rules: Mapping[tuple[UUID, int], Counting],
    percents: Mapping[UUID, Decimal],
) -> dict[UUID, Standing]:
    """Of one student at one exam; the rule is that of the version that was sat last."""
    last = max(sittings, key=lambda row: (row.created_at, row.attempt_id))
    rule = rules[last.exam_id, last.exam_version]
    handed_in = [
        HandedIn(row.attempt_id, row.started_at or row.created_at, percents.get(row.attempt_id))
        for row in sittings
    ]
    counted = counting(rule, handed_in)
    if counted is None:
        return {}
    return {
        row.attempt_id: Standing(row.attempt_id == counted, rule, len(sittings), counted) for row in sittings
    }
