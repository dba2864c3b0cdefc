"""Changes of exams with their acts for the audit log, which are written before the change is committed."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from api.access.act import record_act
from api.context import Context
from api.reservations.exam_book import ExamBook
from api.token import CurrentPerson
from schema.ids import new_id
from schema.journal import ActSubject

T = TypeVar("T")
Authoring = Callable[[AsyncSession, ExamBook], Awaitable[T]]


async def authored(context: Context, person: CurrentPerson, work: Authoring[T]) -> T:
    """Run one transaction of an author. Should its commit fail, an act too many is told rather than one too few."""
    request_id = new_id()

    async def run(session: AsyncSession) -> T:
        book = ExamBook(session, person, context.now())
        answer = await work(session, book)
        await session.flush()
        for number, (kind, exam_id, before, after) in enumerate(book.acts):
            act_id = uuid5(request_id, str(number))
            facts = {"exam_id": exam_id, "before": before, "after": after}
            await record_act(context, person, kind, ActSubject.EXAM, exam_id, act_id=act_id, **facts)
        return answer

    return await context.databases.reservations.run(run)
