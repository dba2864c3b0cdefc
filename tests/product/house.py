"""The people of the product tests, and what they need before a test begins: roles, exams and slots."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from api.demo import exam as paper_of
from api.demo.cast import Cast
from api.demo.mailbox import Mailbox
from api.demo.person import Person
from api.token import AccessTokens
from api.users.person import new_person, set_roles
from schema.db.session import Databases
from schema.db.tables.users import Person as PersonRow
from schema.ids import DEFAULT_ORGANISATION
from schema.role import Role
from tests.people import add_session
from tests.product.product import Product

STAFF = {
    "admin": Role.ADMIN,
    "proctor": Role.PROCTOR,
    "grader": Role.GRADER,
    "reviewer": Role.REVIEWER,
    "second": Role.REVIEWER,
    "author": Role.AUTHOR,
}
Say = Callable[[str], None]
TOKEN_LIFE = timedelta(hours=1)


class House:
    """A running product and the people in it. Students are written straight into `_users`, with a token."""

    def __init__(self, product: Product, databases: Databases, mailbox: Mailbox) -> None:
        self.product = product
        self.databases = databases
        self.mailbox = mailbox
        self.staff: dict[str, Person] = {}
        self._tokens = AccessTokens(product.settings.jwt_secret.get_secret_value(), TOKEN_LIFE)
        self._clients: list[Person] = []
        self._people = 0

    async def engage(self) -> None:
        """Hire the staff."""
        self.staff = {name: (await self.people(1, role))[0] for name, role in STAFF.items()}

    async def leave(self) -> None:
        """Close everybody's connections."""
        for person in self._clients:
            await person.leave()

    async def people(self, count: int, role: Role = Role.STUDENT) -> list[Person]:
        """New people, signed in."""
        enrolled = await self._enrolled(count, role)
        server = self.product.server
        people = [Person(server, row.email, "").holding(token, str(row.person_id)) for row, token in enrolled]
        self._clients += people
        return people

    async def tokens(self, count: int) -> list[str]:
        """New students, of whom only their tokens are needed."""
        return [token for _, token in await self._enrolled(count, Role.STUDENT)]

    async def cast(self) -> Cast:
        """The staff and a student of their own."""
        (student,) = await self.people(1)
        return Cast(student=student, **self.staff)

    async def exam(self, policy: Mapping[str, Any]) -> str:
        """A published exam with one question of every kind. Returns its id."""
        author = self.staff["author"]
        # Most students of these tests send no pictures, or a few that repeat; those who are about that ask for them.
        rules = {**paper_of.POLICY, "coverage_minimum": 0, "detection": {"frozen_picture": False}, **policy}
        draft = paper_of.draft("One of every kind") | {"policy": rules}
        exam_id: str = (await author.post("/api/reservations/exams", draft))["exam_id"]
        imported = await author.call(
            "POST",
            f"/api/reservations/exams/{exam_id}/import",
            params={"points": "2"},
            content=paper_of.QUESTIONS.encode(),
            headers={"Content-Type": "text/plain", "Idempotency-Key": f"import-{exam_id}"},
        )
        match = {"If-Match": f'"{imported["version"]}"'}
        await author.post(f"/api/reservations/exams/{exam_id}/publish", headers=match)
        return exam_id

    async def slot(self, exam_id: str, seats: int = 10, starts_in: timedelta = timedelta(0)) -> str:
        """A slot of two hours. Returns its id."""
        starts_at = datetime.now(UTC) + starts_in
        wanted = {
            "exam_id": exam_id,
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
            "seats": seats,
        }
        slot_id: str = (await self.staff["author"].post("/api/reservations/slots", wanted))["slot_id"]
        return slot_id

    async def _enrolled(self, count: int, role: Role) -> list[tuple[PersonRow, str]]:
        now = datetime.now(UTC)
        rows = [self._row(role, now) for _ in range(count)]
        async with self.databases.users.write() as session:
            session.add_all(rows)
            await session.flush()
            for row in rows:
                await set_roles(session, row.person_id, [role])
            sessions = [add_session(session, row.person_id, now) for row in rows]
        roles = frozenset({role})
        return [
            (row, self._tokens.issue(row.person_id, DEFAULT_ORGANISATION, roles, session_id, now))
            for row, session_id in zip(rows, sessions, strict=True)
        ]

    def _row(self, role: Role, now: datetime) -> PersonRow:
        self._people += 1
        name = f"{role}-{self._people}"
        row = new_person(f"{name}@product.example", name, "no password opens this account", now)
        row.confirmed_at = now
        return row
