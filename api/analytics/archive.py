"""What the archive holds of an attempt: report, tables, and the histories of its workflows."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.analytics.access import readable_attempt
from api.context import ContextOf
from api.security import require
from api.token import CurrentPerson
from schema.archive import papers_beside
from schema.role import Role

router = APIRouter()

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]


class ArchivedObject(BaseModel):
    """An object of the lake."""

    name: str = Field(examples=["archive/2027/01/01900000-0000-7000-8000-000000000042/report.pdf"])
    size: int = Field(description="Bytes")


@router.get("/attempts/{attempt_id}/archive", summary="What is archived of an attempt")
async def list_archive(attempt_id: UUID, person: Admin, context: ContextOf) -> list[ArchivedObject]:
    """By name; empty before the archive is written. Histories follow once their workflows have closed."""
    attempt = await readable_attempt(attempt_id, person, context, frozenset({Role.ADMIN}))
    if not attempt.report_name:
        return []
    folder, *tables = papers_beside(attempt.report_name, attempt_id)
    written = [await context.store.stat(name) for name in tables]
    found = [*await context.store.list(folder), *(one for one in written if one is not None)]
    return [ArchivedObject(name=one.name, size=one.size) for one in sorted(found, key=lambda one: one.name)]
