"""What tests of the API arrange with: a movable clock, people with roles, exams with slots, mailed tokens."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from api.context import Context
from api.users.person import new_person, set_roles
from schema.db.tables.notifications import MailRow
from schema.db.tables.reservations import AttemptRow, ExamRow, ExamVersion, SlotRow
from schema.exam import Exam, ExamPolicy, Section, TrueFalse
from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.role import Role
from tests.people import add_session

PASSWORD = "correct horse battery"
START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


class MovableClock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@dataclass(frozen=True)
class Someone:
    """A person and the headers of a client that is signed in as them."""

    person_id: UUID
    email: str
    headers: dict[str, str]

    def keyed(self, key: str | None = None) -> dict[str, str]:
        """The same with an idempotency key."""
        return {**self.headers, "Idempotency-Key": key or str(new_id())}


class House:
    """One application with its databases."""

    def __init__(self, client: httpx.AsyncClient, context: Context, clock: MovableClock) -> None:
        self.client = client
        self.context = context
        self.clock = clock

    async def person(self, *roles: Role, organisation_id: UUID = DEFAULT_ORGANISATION) -> Someone:
        """A confirmed person with these roles."""
        person_id = new_id()
        email = f"{person_id.hex}@example.org"
        row = new_person(email, "Somebody", await self.context.passwords.hash(PASSWORD), self.clock())
        row.person_id, row.confirmed_at, row.organisation_id = person_id, self.clock(), organisation_id
        async with self.context.databases.users.write() as session:
            session.add(row)
            await set_roles(session, person_id, roles)
            session_id = add_session(session, person_id, self.clock())
        token = self.context.tokens.issue(
            person_id, organisation_id, frozenset(roles), session_id, self.clock()
        )
        return Someone(person_id, email, {"Authorization": f"Bearer {token}"})

    async def with_roles(self, someone: Someone, *roles: Role) -> Someone:
        """The same person, who has exactly these roles now."""
        async with self.context.databases.users.write() as session:
            await set_roles(session, someone.person_id, roles)
        return someone

    async def exam(self, author_id: UUID | None = None, title: str = "Geography", **policy: Any) -> Exam:
        """A published exam with one question."""
        question = TrueFalse(question_id=new_id(), text="The earth is round.", answer=True)
        exam = Exam(
            exam_id=new_id(),
            organisation_id=DEFAULT_ORGANISATION,
            author_id=author_id or new_id(),
            title=title,
            policy=ExamPolicy.model_validate(policy),
            sections=(Section(section_id=new_id(), questions=(question,)),),
            is_published=True,
        )
        await self._store(exam)
        return exam

    async def slot(self, exam: Exam, starts_in: timedelta = timedelta(days=3), seats: int = 10) -> UUID:
        """A slot of two hours."""
        slot_id = new_id()
        starts_at = self.clock() + starts_in
        window = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        async with self.context.databases.reservations.write() as session:
            session.add(
                SlotRow(slot_id=slot_id, exam_id=exam.exam_id, seats=seats, created_at=self.clock(), **window)
            )
        return slot_id

    async def attempt(
        self, student_id: UUID, exam: Exam, slot_id: UUID, phase: str = "reserved", **columns: object
    ) -> UUID:
        """A row of the read model, without its workflow."""
        attempt_id = new_id()
        now = self.clock()
        row = AttemptRow(
            attempt_id=attempt_id,
            organisation_id=exam.organisation_id,
            exam_id=exam.exam_id,
            exam_version=exam.version,
            student_id=student_id,
            slot_id=slot_id,
            seed=1,
            phase=phase,
            marking="pending",
            integrity="undetermined",
            release="withheld",
            version=1,
            hold_until=now,
            checks_done={"steps": [], "send_back_reason": ""},
            created_at=now,
            updated_at=now,
        )
        for name, value in columns.items():
            setattr(row, name, value)
        async with self.context.databases.reservations.write() as session:
            session.add(row)
        return attempt_id

    async def mails(self, person_id: UUID | None = None) -> list[MailRow]:
        """Mails that are to be sent, oldest first."""
        rows = select(MailRow).order_by(MailRow.created_at)
        if person_id is not None:
            rows = rows.where(MailRow.person_id == person_id)
        async with self.context.databases.notifications.read() as session:
            return list(await session.scalars(rows))

    async def _store(self, exam: Exam) -> None:
        now = self.clock()
        async with self.context.databases.reservations.write() as session:
            session.add(
                ExamRow(
                    exam_id=exam.exam_id,
                    organisation_id=exam.organisation_id,
                    author_id=exam.author_id,
                    title=exam.title,
                    is_published=exam.is_published,
                    version=exam.version,
                    created_at=now,
                    updated_at=now,
                )
            )
            content = exam.model_dump(mode="json")
            session.add(
                ExamVersion(exam_id=exam.exam_id, version=exam.version, content=content, created_at=now)
            )
