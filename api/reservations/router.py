"""All routes about exams, slots and attempts."""

from fastapi import APIRouter

from api.reservations import attempt, briefing, command, exam, hold, operation, photo, reserve, slot

router = APIRouter()
for part in (exam, slot, reserve, attempt, briefing, photo, command, hold, operation):
    router.include_router(part.router)
