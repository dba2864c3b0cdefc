"""All routes about answers, reviews and results, and what they share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter

from api.context import Context
from api.corrections import answer, late, result, review, review_progress, review_queue
from api.corrections.shelf import ExamShelf

router = APIRouter()
for part in (answer, late, review_progress, review_queue, review, result):
    router.include_router(part.router)


@asynccontextmanager
async def lifespan(context: Context) -> AsyncIterator[None]:
    """One shelf of exams for all requests."""
    context.keep(ExamShelf, ExamShelf(context.databases.reservations))
    yield
