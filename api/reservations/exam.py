"""Authoring: exams, their sections, questions and policy, as one document per exam."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import not_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from api.access.act import record_key_seen
from api.context import ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.paging import Page, PagingOf, page_of
from api.paper import PaperView, paper_view
from api.rendering import keep, rendered, texts_of, unshown
from api.reservations import exam_import, trial
from api.reservations.authorship import authored
from api.reservations.caution import PublishedExam, with_cautions
from api.reservations.exam_book import ExamBook
from api.reservations.exam_view import ExamSummary, IfMatch, refuse, summary, tagged, version_of
from api.security import SignedIn, require
from api.token import CurrentPerson
from schema.authoring import ExamDraft, complaints, obstacles
from schema.db.tables.reservations import ExamRow, ExamVersion, ReservationsReceipt
from schema.exam import Exam
from schema.paper import paper_for
from schema.policy_check import too_short_kept
from schema.role import Role

router = APIRouter()
router.include_router(exam_import.router)
router.include_router(trial.router)

Author = Annotated[CurrentPerson, require(Role.AUTHOR, Role.ADMIN)]


@router.post("/exams", status_code=201, response_model=Exam)
async def create_exam(
    draft: ExamDraft, request: Request, key: IdempotencyKey, person: Author, context: ContextOf
) -> Response:
    """Begin an exam; it is a draft until it is published."""
    refuse(complaints(draft), "correct it")
    database = context.databases.reservations
    receipt = Receipt(database, ReservationsReceipt, person.person_id, "create-exam", key, context.now())
    exam = Exam(
        exam_id=receipt.id,
        organisation_id=person.organisation_id,
        author_id=person.person_id,
        title=draft.title,
    )

    async def create() -> Exam:
        return await authored(context, person, lambda _, book: book.create(draft.as_exam(exam)))

    # The body as it came: a draft whose questions got their ids here is another one on every try.
    response = await receipt.once(await request.body(), create, 201)
    response.headers["ETag"] = '"1"'
    return response


@router.get("/exams")
async def list_exams(
    person: SignedIn,
    context: ContextOf,
    paging: PagingOf,
    is_published: Annotated[bool | None, Query(description="Only these, by the newest version")] = None,
    is_bookable: Annotated[
        bool, Query(description="What can be booked, as students see it, whoever asks")
    ] = False,
) -> Page[ExamSummary]:
    """An author's own exams, all exams for admins, and for everybody else those that can be booked.

    Authors and admins see the newest version, the others the one that can be booked.
    """
    to_book = is_bookable or not person.has(Role.AUTHOR, Role.ADMIN)
    rows = select(ExamRow).where(ExamRow.organisation_id == person.organisation_id)
    if to_book:
        rows = rows.where(ExamRow.is_offered())
    elif not person.has(Role.ADMIN):
        rows = rows.where(ExamRow.author_id == person.person_id)
    if is_published is not None:
        is_it = ExamRow.is_offered() if to_book else ExamRow.is_published
        rows = rows.where(is_it if is_published else not_(is_it))
    async with context.databases.reservations.read() as session:
        page = await page_of(session, rows, paging, ExamRow.created_at, ExamRow.exam_id, lambda row: row)
        versions = {
            row.exam_id: (row.offered_version if to_book else None) or row.version for row in page.items
        }
        contents = await _contents(session, versions)
    items = [summary(row, contents[row.exam_id], as_offered=to_book) for row in page.items]
    return Page(items=items, next_cursor=page.next_cursor)


@router.get("/exams/{exam_id}")
async def get_exam(
    exam_id: UUID,
    person: Author,
    context: ContextOf,
    response: Response,
    version: Annotated[
        int | None, Query(ge=1, description="An earlier version; the newest if left out")
    ] = None,
) -> Exam:
    """The whole exam, answer keys included; its ETag is the version to send as If-Match."""
    async with context.databases.reservations.read() as session:
        exam = await ExamBook(session, person, context.now()).get(exam_id, version)
    await record_key_seen(context, person, exam_id, exam.version)
    return tagged(exam, response)


@router.put("/exams/{exam_id}")
async def replace_exam(
    exam_id: UUID, draft: ExamDraft, if_match: IfMatch, person: Author, context: ContextOf, response: Response
) -> Exam:
    """Replace title, instructions, policy, sections and questions by these, as a new version.

    The version that was published before can be booked until this one is published; attempts keep the version
    that they were reserved with. Another change in between is a conflict, and nothing is overwritten.
    """
    refuse(complaints(draft), "correct it")

    expected = version_of(if_match)
    changed = await authored(context, person, lambda _, book: book.change(exam_id, expected, draft.as_exam))
    return tagged(changed, response)


@router.post("/exams/{exam_id}/publish")
async def publish_exam(
    exam_id: UUID, if_match: IfMatch, person: Author, context: ContextOf, response: Response
) -> PublishedExam:
    """Offer this version for reservation; it is never changed afterwards. Publishing it again changes nothing.

    Its texts are rendered now. `cautions` say what an exam that ends with its slot means, and which of its slots are
    too short.
    """
    database, version = context.databases.reservations, version_of(if_match)
    async with database.read() as session:
        draft = await ExamBook(session, person, context.now()).get(exam_id)
    refuse(obstacles(draft), "correct it and publish again")
    if not person.has(Role.ADMIN):
        refuse(too_short_kept(draft.policy, context.settings.retention_least), "correct it and publish again")
    html = await rendered(text for _, text in texts_of(draft))
    refuse(list(unshown(draft, html)), "correct it and publish again")

    async def publish(session: AsyncSession, book: ExamBook) -> PublishedExam:
        offered = await book.publish(exam_id, version)
        if offered.version == draft.version:
            await keep(session, offered, html)
        return await with_cautions(session, offered, context.now())

    published = await authored(context, person, publish)
    tagged(published, response)
    return published


@router.post("/exams/{exam_id}/withdraw", summary="Offer an exam no longer")
async def withdraw_exam(
    exam_id: UUID, if_match: IfMatch, person: Author, context: ContextOf, response: Response
) -> Exam:
    """No version can be booked until one is published again; who has reserved keeps theirs."""
    expected = version_of(if_match)
    withdrawn = await authored(context, person, lambda _, book: book.withdraw(exam_id, expected))
    return tagged(withdrawn, response)


@router.get("/exams/{exam_id}/preview")
async def preview_exam(
    exam_id: UUID,
    person: Author,
    context: ContextOf,
    seed: Annotated[int, Query(ge=0, lt=2**53, description="Another seed, another order")] = 0,
) -> PaperView:
    """The newest version as a student would see it."""
    async with context.databases.reservations.read() as session:
        exam = await ExamBook(session, person, context.now()).get(exam_id)
    return paper_view(paper_for(exam, seed), await rendered(text for _, text in texts_of(exam)))


async def _contents(session: AsyncSession, versions: Mapping[UUID, int]) -> dict[UUID, Exam]:
    wanted = list(versions.items())
    stored = select(ExamVersion).where(tuple_(ExamVersion.exam_id, ExamVersion.version).in_(wanted))
    return {
        version.exam_id: Exam.model_validate(version.content) for version in await session.scalars(stored)
    }
