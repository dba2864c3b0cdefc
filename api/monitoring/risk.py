"""The risk of watched attempts: the same sum as the monitoring workflow's, from the incidents as they stand.

The read model learns a risk only when proctors are alerted; the wall shows what led there too.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select, tuple_

from api.context import Context
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AttemptRow, ExamVersion
from schema.incident import Severity
from schema.risk import RiskPolicy

Content = tuple[UUID, int]  # exam and version


async def risks_of(context: Context, attempts: Sequence[AttemptRow]) -> Mapping[UUID, float]:
    """The score by attempt, by the weights that each one's exam had when it was reserved."""
    policies = await _policies(context, {(row.exam_id, row.exam_version) for row in attempts})
    sums = await _confidence_by_severity(context, [row.attempt_id for row in attempts])
    return {
        row.attempt_id: max(
            row.risk,
            _score(sums[row.attempt_id], policies.get((row.exam_id, row.exam_version), RiskPolicy())),
        )
        for row in attempts
    }


def _score(sums: Mapping[Severity, float], policy: RiskPolicy) -> float:
    return sum(policy.weights[severity] * confidence for severity, confidence in sums.items())


async def _policies(context: Context, contents: set[Content]) -> dict[Content, RiskPolicy]:
    key = tuple_(ExamVersion.exam_id, ExamVersion.version)
    async with context.databases.reservations.read() as session:
        rows = await session.scalars(select(ExamVersion).where(key.in_(contents)))
        return {
            (row.exam_id, row.version): RiskPolicy.model_validate(row.content["policy"].get("risk", {}))
            for row in rows
        }


async def _confidence_by_severity(
    context: Context, attempts: Sequence[UUID]
) -> defaultdict[UUID, dict[Severity, float]]:
    row = IncidentRow
    query = (
        select(row.attempt_id, row.severity, func.sum(row.confidence).label("confidence"))
        .where(row.attempt_id.in_(attempts), row.severity != Severity.TECHNICAL)
        .group_by(row.attempt_id, row.severity)
    )
    found: defaultdict[UUID, dict[Severity, float]] = defaultdict(dict)
    async with context.databases.monitoring.read() as session:
        for each in await session.execute(query):
            found[each.attempt_id][Severity(each.severity)] = each.confidence
    return found
