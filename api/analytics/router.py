"""The routes of this part."""

from fastapi import APIRouter

from api.analytics import archive, exam, freshness, report, timeline

router = APIRouter()
router.include_router(timeline.router)
router.include_router(report.router)
router.include_router(archive.router)
router.include_router(exam.router)
router.include_router(freshness.router)
