"""All routes about people."""

from fastapi import APIRouter

from api.users import (
    audit_log,
    extra_time,
    invitation,
    me,
    people,
    people_import,
    registration,
    reset,
    session,
)

router = APIRouter()
for part in (registration, session, reset, me, people, extra_time, people_import, invitation, audit_log):
    router.include_router(part.router)
