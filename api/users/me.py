"""People about themselves."""

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from api.context import ContextOf
from api.limit import Rate
from api.security import SignedIn
from api.users.change import Author, act_on, described, record_details
from api.users.person import find_person, show
from api.users.refresh import revoke_all
from api.users.shape import MeUpdate, PasswordChange, PersonView
from schema.db.journal import record
from schema.failures import Failure, FailureType
from schema.journal import ActKind

router = APIRouter(prefix="/me")

INSTITUTIONAL = frozenset({"display_name", "student_number"})


@router.get("", summary="Who am I")
async def show_me(me: SignedIn, context: ContextOf) -> PersonView:
    """The person who is signed in."""
    async with context.databases.users.read() as session:
        return await show(session, await find_person(session, me.person_id, me.organisation_id))


@router.patch("", summary="Change my details")
async def update_me(body: MeUpdate, me: SignedIn, context: ContextOf) -> PersonView:
    """Change what is sent, leave the rest. Only the institution changes a name or number that it has set."""
    author = Author(me.person_id, context.now())

    async def work(session: AsyncSession) -> PersonView:
        person = await find_person(session, me.person_id, me.organisation_id)
        earlier = await described(session, person)
        for name, value in body.model_dump(exclude_none=True).items():
            if name in INSTITUTIONAL and person.imported_at is not None and getattr(person, name) != value:
                said = "your institution has set this; ask it to correct it"
                raise Failure(FailureType.FORBIDDEN, said, field=f"/{name}")
            setattr(person, name, value)
        await record_details(session, person, earlier, author)
        return await show(session, person)

    return await context.databases.users.run(work)


@router.post("/password", status_code=204, summary="Change my password")
async def change_password(body: PasswordChange, me: SignedIn, context: ContextOf) -> None:
    """Needs the present password; ends all other sessions at once."""
    await context.limits.hit(Rate.PASSWORD_PERSON, str(me.person_id))
    async with context.databases.users.read() as session:
        known = (await find_person(session, me.person_id, me.organisation_id)).password_hash
    if not await context.passwords.matches(body.current, known):
        raise Failure(FailureType.FORBIDDEN, "the present password is wrong; type it again", field="/current")
    password_hash = await context.passwords.hash(body.new)

    async def work(session: AsyncSession) -> None:
        person = await find_person(session, me.person_id, me.organisation_id)
        person.password_hash = password_hash
        await revoke_all(session, me.person_id, context.now(), spared=me.session_id)
        author = Author(me.person_id, context.now())
        await record(session, act_on(author, person, ActKind.PASSWORD_CHANGED))

    await context.databases.users.run(work)
