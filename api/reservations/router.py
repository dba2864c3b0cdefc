"""All routes about exams, slots and attempts."""

from fastapi import APIRouter

from api.reservations import (
    attempt,
    briefing,
    command,
    desk,
    exam,
    hold,
    operation,
    photo,
    record,
    reserve,
    search,
    sitting,
    slot,
    workflow_link,
)

router = APIRouter()
for part in (
    exam,
    slot,
    sitting,
    reserve,
    search,
    attempt,
    record,
    briefing,
    photo,
    command,
    hold,
    desk,
    operation,
    workflow_link,
):
    router.include_router(part.router)
