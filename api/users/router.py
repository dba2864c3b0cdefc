"""All routes about people."""

from fastapi import APIRouter

from api.users import extra_time, me, people, registration, reset, session

router = APIRouter()
for part in (registration, session, reset, me, people, extra_time):
    router.include_router(part.router)
