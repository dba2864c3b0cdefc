"""Incidents of an attempt, their evidence, and a proctor's word that one was seen."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.access.act import record_look
from api.context import Context, ContextOf
from api.monitoring.frame import JPEG, frame_at
from api.monitoring.name import names_of
from api.monitoring.scope import WATCHERS, feed_for
from api.paging import Page, PagingOf, page_of
from api.security import require
from api.token import CurrentPerson
from schema.db.tables.monitoring import EvidenceRow, IncidentRow
from schema.failures import Failure, FailureType
from schema.incident import EvidenceMoment, IncidentKind, Severity
from schema.journal import ActKind, ActSubject
from schema.role import Role

router = APIRouter(prefix="/attempts/{attempt_id}/incidents")


class EvidenceBox(BaseModel):
    """What the detector saw; fractions of the picture's width and height, origin top left."""

    label: str
    left: float
    top: float
    right: float
    bottom: float
    score: float


class EvidenceShown(BaseModel):
    """A frame that shows an incident; the boxes are drawn by who shows it."""

    moment: EvidenceMoment
    offset: str
    captured_at: datetime
    picture: str = Field(description="Where the JPEG is")
    boxes: list[EvidenceBox]


class IncidentShown(BaseModel):
    """An incident as it stands."""

    incident_id: UUID
    attempt_id: UUID
    kind: IncidentKind
    severity: Severity
    is_technical: bool = Field(description="Recorded, never scored")
    started_at: datetime
    ended_at: datetime | None
    confidence: float
    rule: str
    model: str
    ruling: str
    ruling_reason: str
    acknowledged_by: UUID | None
    acknowledged_by_name: str = Field(description="Empty while nobody has, or once they are gone")
    evidence: list[EvidenceShown]


@router.get("")
async def list_incidents(
    attempt_id: UUID,
    context: ContextOf,
    paging: PagingOf,
    newest_first: Annotated[bool, Query(description="For those who watch: what is new comes first")] = False,
    watcher: CurrentPerson = require(*WATCHERS),
) -> Page[IncidentShown]:
    """Incidents in the order they began, or the newest first."""
    await feed_for(context, attempt_id, watcher)
    rows = select(IncidentRow).where(IncidentRow.attempt_id == attempt_id)
    keys = IncidentRow.started_at, IncidentRow.incident_id
    async with context.databases.monitoring.read() as session:
        found = await page_of(session, rows, paging, *keys, lambda row: row, newest_first=newest_first)
        shown = await _shown(session, list(found.items))
    return Page(items=await _named(context, shown), next_cursor=found.next_cursor)


@router.get("/{incident_id}")
async def show_incident(
    attempt_id: UUID, incident_id: UUID, context: ContextOf, watcher: CurrentPerson = require(*WATCHERS)
) -> IncidentShown:
    """One incident with its evidence."""
    await feed_for(context, attempt_id, watcher)
    async with context.databases.monitoring.read() as session:
        shown = await _shown(session, [await _incident(session, attempt_id, incident_id)])
    return (await _named(context, shown))[0]


@router.get(
    "/{incident_id}/evidence/{moment}", response_class=Response, responses={200: {"content": {JPEG: {}}}}
)
async def show_evidence(
    attempt_id: UUID,
    incident_id: UUID,
    moment: EvidenceMoment,
    context: ContextOf,
    watcher: CurrentPerson = require(*WATCHERS),
) -> Response:
    """The first evidence picture of this moment; its boxes are in the incident."""
    feed = await feed_for(context, attempt_id, watcher)
    query = (
        select(EvidenceRow.offset)
        .where(EvidenceRow.attempt_id == attempt_id, EvidenceRow.incident_id == incident_id)
        .where(EvidenceRow.moment == moment)
        .order_by(EvidenceRow.offset)
    )
    async with context.databases.monitoring.read() as session:
        offset = await session.scalar(query.limit(1))
    if offset is None:
        raise Failure(FailureType.NOT_FOUND, f"this incident has no evidence {moment} its opening")
    facts = {"exam_id": feed.exam_id, "after": {"incident_id": str(incident_id)}}
    await record_look(context, watcher, ActKind.EVIDENCE_SEEN, ActSubject.ATTEMPT, attempt_id, **facts)
    return await frame_at(context, attempt_id, offset)


@router.post("/{incident_id}/acknowledgement")
async def acknowledge_incident(
    attempt_id: UUID,
    incident_id: UUID,
    context: ContextOf,
    proctor: CurrentPerson = require(Role.PROCTOR, Role.ADMIN),
) -> IncidentShown:
    """Say that you have seen it. The first one's name stays; saying it again changes nothing."""
    await feed_for(context, attempt_id, proctor)

    async def work(session: AsyncSession) -> list[IncidentShown]:
        row = await _incident(session, attempt_id, incident_id)
        row.acknowledged_by = row.acknowledged_by or str(proctor.person_id)
        return await _shown(session, [row])

    return (await _named(context, await context.databases.monitoring.run(work)))[0]


async def _incident(session: AsyncSession, attempt_id: UUID, incident_id: UUID) -> IncidentRow:
    query = select(IncidentRow).where(
        IncidentRow.incident_id == incident_id, IncidentRow.attempt_id == attempt_id
    )
    row = await session.scalar(query)
    if row is None:
        raise Failure(
            FailureType.NOT_FOUND,
            "this attempt has no such incident; load the list again",
            incident_id=incident_id,
        )
    return row


async def _shown(session: AsyncSession, rows: list[IncidentRow]) -> list[IncidentShown]:
    ids = [row.incident_id for row in rows]
    query = select(EvidenceRow).where(EvidenceRow.incident_id.in_(ids)).order_by(EvidenceRow.offset)
    evidence = list(await session.scalars(query)) if ids else []
    return [
        _incident_shown(row, [one for one in evidence if one.incident_id == row.incident_id]) for row in rows
    ]


async def _named(context: Context, shown: list[IncidentShown]) -> list[IncidentShown]:
    names = await names_of(context, {one.acknowledged_by for one in shown if one.acknowledged_by})
    return [
        one.model_copy(update={"acknowledged_by_name": names.get(one.acknowledged_by, "")})
        if one.acknowledged_by
        else one
        for one in shown
    ]


def _incident_shown(row: IncidentRow, evidence: list[EvidenceRow]) -> IncidentShown:
    return IncidentShown(
        incident_id=row.incident_id,
        attempt_id=row.attempt_id,
        kind=IncidentKind(row.kind),
        severity=Severity(row.severity),
        is_technical=row.severity == Severity.TECHNICAL,
        started_at=row.started_at,
        ended_at=row.ended_at,
        confidence=row.confidence,
        rule=row.rule,
        model=row.model,
        ruling=row.ruling,
        ruling_reason=row.ruling_reason,
        acknowledged_by=UUID(row.acknowledged_by) if row.acknowledged_by else None,
        acknowledged_by_name="",
        evidence=[_evidence_shown(one) for one in evidence],
    )


def _evidence_shown(row: EvidenceRow) -> EvidenceShown:
    return EvidenceShown(
        moment=EvidenceMoment(row.moment),
        offset=str(row.offset),
        captured_at=row.captured_at,
        picture=f"/api/monitoring/attempts/{row.attempt_id}/frames/{row.offset}",
        boxes=[_box(box) for box in row.boxes],
    )


def _box(box: list[str | float]) -> EvidenceBox:
    names = ("label", "left", "top", "right", "bottom", "score")
    return EvidenceBox.model_validate(dict(zip(names, box, strict=True)))
