"""Importing people from CSV: a preview of what would happen, then all of it or nothing."""

import asyncio
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import Context, ContextOf
from api.idempotency import IdempotencyKey, Receipt
from api.limit import Rate
from api.security import require
from api.token import CurrentPerson, new_secret
from api.users.change import (
    Author,
    act_on,
    change_roles,
    check_still_admin,
    described,
    record_details,
)
from api.users.enrolment import Step, plan
from api.users.extra_time import grant
from api.users.import_report import ImportReport, report_of
from api.users.invitation import issue_invitation, post_invitation
from api.users.person import cohort_named, new_person, set_roles
from api.users.roster import Roster, read_roster
from api.users.roster_column import Column
from schema.db.journal import record
from schema.db.tables.users import Person, UsersReceipt
from schema.failures import Failure, FailureType
from schema.journal import ActKind
from schema.role import Role

router = APIRouter(prefix="/import")

Admin = Annotated[CurrentPerson, require(Role.ADMIN)]

FILE = "text/csv"
TEMPLATE = (
    "email,name,roles,student_number,cohort,time_factor,time_factor_reason,time_zone,language\r\n"
    "ada@example.org,Ada Lovelace,student,1815,Mathematics 2027,1.25,"
    "Decision of 12 November,Europe/London,en\r\n"
    "grace@example.org,Grace Hopper,proctor grader,,,,,America/New_York,en\r\n"
)
BODY = {
    "requestBody": {"required": True, "content": {FILE: {"schema": {"type": "string"}, "example": TEMPLATE}}}
}


@router.get("/template", summary="Get a list of people to fill in")
async def show_template(_me: Admin) -> Response:
    """All columns, with two people as examples. Only `email` is needed; a new person needs a name too."""
    name = 'attachment; filename="people.csv"'
    return Response(TEMPLATE.encode("utf-8-sig"), media_type=FILE, headers={"Content-Disposition": name})


@router.post("", summary="Import people", response_model=ImportReport, openapi_extra=BODY)
async def import_people(
    request: Request,
    key: IdempotencyKey,
    admin: Admin,
    context: ContextOf,
    preview: Annotated[bool, Query(description="Say what would happen, and do nothing")] = False,
) -> Response:
    """People by address, as CSV with a line of columns first: new ones get an account and a mail to choose a password.

    An empty cell leaves a value as it is. With any problem nothing is imported, and `errors` lists each with line,
    column and what to do. The same list again changes nothing. At most 1,000 people at once.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in {FILE, "text/plain"}:
        raise Failure(FailureType.UNSUPPORTED, "send the list as text/csv")
    await context.limits.hit(Rate.IMPORT_PERSON, str(admin.person_id))
    data = await request.body()
    roster = await asyncio.to_thread(read_roster, data)
    if preview:
        async with context.databases.users.read() as session:
            report = report_of(await plan(session, roster, admin), roster)
        return Response(report.model_dump_json(), media_type="application/json")
    users = context.databases.users
    receipt = Receipt(users, UsersReceipt, admin.person_id, "import_people", key, context.now())
    return await receipt.once(data, lambda: _import(context, roster, admin, receipt.id))


async def _import(context: Context, roster: Roster, admin: CurrentPerson, import_id: UUID) -> ImportReport:
    # Nobody knows this password; one costly hash is enough for all, as each person chooses their own.
    password_hash = await context.passwords.hash(new_secret())
    known = len(roster.complaints)

    async def work(session: AsyncSession) -> list[Step]:
        del roster.complaints[known:]
        await check_still_admin(session, admin)
        steps = await plan(session, roster, admin)
        if roster.complaints:
            raise _refusal(roster)
        for step in steps:
            if step.person is None or step.person.person_id != admin.person_id:
                await _carry_out(session, context, step, admin, import_id, password_hash)
            else:
                _set_preferences(step)
        return steps

    try:
        steps = await context.databases.users.run(work)
    except IntegrityError as error:
        said = "somebody in the list has just got an account otherwise; look at the preview again"
        raise Failure(FailureType.CONFLICT, said) from error
    for step in steps:
        if step.person is not None and _is_made_by(import_id, step.person):
            await post_invitation(context, import_id, step.person.person_id)
    return report_of(steps, roster).model_copy(update={"is_preview": False, "rows": []})


async def _carry_out(
    session: AsyncSession,
    context: Context,
    step: Step,
    admin: CurrentPerson,
    import_id: UUID,
    password_hash: str,
) -> None:
    values, now = step.wish.values, context.now()
    author = Author(admin.person_id, now)
    is_new = step.person is None
    if step.person is None:
        person = new_person(step.wish.email, str(values[Column.NAME]), password_hash, now)
        person.person_id = uuid5(import_id, step.wish.email)
        person.organisation_id = admin.organisation_id
        session.add(person)
        step.person = person
        await set_roles(session, person.person_id, values.get(Column.ROLES) or {Role.STUDENT})
        await issue_invitation(session, context, import_id, person.person_id)
    elif Column.ROLES in step.changes:
        await change_roles(session, step.person, values[Column.ROLES], author)
    earlier = await described(session, step.person)
    if is_new or not {Column.NAME, Column.STUDENT_NUMBER}.isdisjoint(values):
        step.person.imported_at = step.person.imported_at or now
    _set_attributes(step, ATTRIBUTES)
    if Column.COHORT in step.changes:
        cohort = str(values[Column.COHORT])
        step.person.cohort_id = await cohort_named(session, admin.organisation_id, cohort, now)
    if Column.TIME_FACTOR in step.changes:
        reason = str(values[Column.TIME_FACTOR_REASON])
        await grant(session, step.person, values[Column.TIME_FACTOR], reason, author)
    if is_new:
        roles = sorted(values.get(Column.ROLES) or {Role.STUDENT})
        after = {"email": step.person.email, "roles": roles, **await described(session, step.person)}
        await record(session, act_on(author, step.person, ActKind.IMPORTED, after=after))
    else:
        await record_details(session, step.person, earlier, author)


PREFERENCES = {Column.TIME_ZONE: "time_zone", Column.LANGUAGE: "language"}
ATTRIBUTES = {Column.NAME: "display_name", Column.STUDENT_NUMBER: "student_number", **PREFERENCES}


def _set_preferences(step: Step) -> None:
    """What people may set for themselves, for the admin's own line."""
    _set_attributes(step, PREFERENCES)


def _set_attributes(step: Step, attributes: Mapping[Column, str]) -> None:
    for column, attribute in attributes.items():
        if column in step.changes:
            setattr(step.person, attribute, step.wish.values[column])


def _is_made_by(import_id: UUID, person: Person) -> bool:
    """Also when the import is done again because its answer was lost."""
    return person.person_id == uuid5(import_id, person.email) and person.confirmed_at is None


def _refusal(roster: Roster) -> Failure:
    count = "a problem" if len(roster.complaints) == 1 else f"{len(roster.complaints)} problems"
    said = f"the list has {count}, and nobody was imported; correct the named lines and send it again"
    errors = [one.model_dump() for one in sorted(roster.complaints, key=lambda one: one.line)]
    return Failure(FailureType.INVALID, said, errors=errors)
