"""The routes of this part."""

from fastapi import APIRouter

from api.analytics import archive, exam, freshness, incident, performance, report, timeline, workload

router = APIRouter()
for module in (timeline, report, archive, exam, freshness, incident, performance, workload):
    router.include_router(module.router)
