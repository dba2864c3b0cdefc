"""All routes about exams, slots and attempts."""

from fastapi import APIRouter

from api.reservations import attempt, command, exam, hold, photo, reserve, slot

router = APIRouter()
for part in (exam, slot, reserve, attempt, photo, command, hold):
    router.include_router(part.router)
