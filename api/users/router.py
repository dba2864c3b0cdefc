"""All routes about people."""

from fastapi import APIRouter

from api.users import me, people, registration, reset, session

router = APIRouter()
for part in (registration, session, reset, me, people):
    router.include_router(part.router)
