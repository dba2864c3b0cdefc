"""What the browser's tests arrange with: an exam with a slot that begins now, and people who act over REST."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Page

from api.demo.exam import POLICY, QUESTIONS
from api.demo.mailbox import OutboxMailbox, awaited, token_in
from api.demo.person import Person
from tests.product.product import Product

PASSWORD = "proctorwise-demo"
API = "/api/reservations"


@dataclass(frozen=True)
class Stage:
    """The running product and the demo accounts' clients."""

    product: Product
    people: dict[str, Person]

    @property
    def server(self) -> str:
        return self.product.server

    async def exam(
        self,
        title: str,
        starts_in: timedelta = timedelta(seconds=1),
        questions: str = QUESTIONS,
        **policy: Any,
    ) -> str:
        """A published exam with a question of every kind, or these in GIFT, and a slot."""
        author = self.people["author"]
        draft = {"title": title, "instructions": "Answer **all** questions.", "sections": []}
        # Students of these tests come and go as no one does in an exam, before a camera whose film repeats.
        unlike = {"cancel_cut_off": "PT0S", "coverage_minimum": 0, "detection": {"frozen_picture": False}}
        rules = {**POLICY, **unlike, **policy}
        made = await author.post(f"{API}/exams", {**draft, "policy": rules})
        exam_id = str(made["exam_id"])
        text = {"content": questions.encode(), "headers": {"Content-Type": "text/plain"}}
        await author.post(f"{API}/exams/{exam_id}/import", **text)
        version = (await author.answer("GET", f"{API}/exams/{exam_id}")).headers["etag"]
        await author.post(f"{API}/exams/{exam_id}/publish", headers={"If-Match": version})
        starts = datetime.now(UTC) + starts_in
        slot = {"exam_id": exam_id, "starts_at": starts.isoformat(), "seats": 20}
        await author.post(f"{API}/slots", {**slot, "ends_at": (starts + timedelta(hours=2)).isoformat()})
        return exam_id

    async def command(self, role: str, attempt_id: str, name: str, body: Any = None) -> Any:
        """A command of a demo account on an attempt."""
        return await self.people[role].post(f"{API}/attempts/{attempt_id}/{name}", body or {})

    async def attempt(self, attempt_id: str) -> dict[str, Any]:
        """As an admin sees it."""
        return dict(await self.people["admin"].get(f"{API}/attempts/{attempt_id}"))

    async def slot_of(self, exam_id: str) -> str:
        """The exam's first slot."""
        slots = await self.people["proctor"].get(f"{API}/slots", exam_id=exam_id)
        return str(slots["items"][0]["slot_id"])

    async def begun(self, exam_id: str) -> None:
        """Return once the exam's first slot runs."""
        slots = await self.people["proctor"].get(f"{API}/slots", exam_id=exam_id)
        left = datetime.fromisoformat(slots["items"][0]["starts_at"]) - datetime.now(UTC)
        await asyncio.sleep(max(0.0, left.total_seconds()))

    async def registered(self, name: str, email: str) -> Person:
        """Somebody new, with a confirmed address, signed in."""
        person = Person(self.server, email, PASSWORD)
        wanted = {"email": email, "password": PASSWORD, "display_name": name, "time_zone": "Europe/Lisbon"}
        await person.post("/api/users/registrations", wanted)
        letter = await awaited(OutboxMailbox(self.people["admin"]), email, "confirm")
        await person.post("/api/users/confirmations", {"token": token_in(letter), "password": PASSWORD})
        return await person.sign_in()

    async def reached(self, attempt_id: str, phase: str) -> None:
        """Return once the attempt is in this phase for everybody."""
        async with asyncio.timeout(60):
            while (await self.attempt(attempt_id))["phase"] != phase:
                await asyncio.sleep(0.1)

    async def release(self, attempt_id: str) -> None:
        """By the admin, as soon as marking and integrity are settled."""
        async with asyncio.timeout(60):
            while True:
                attempt = await self.attempt(attempt_id)
                if attempt["marking"] == "marked" and attempt["integrity"] != "pending":
                    break
                await asyncio.sleep(0.2)
        await self.command("admin", attempt_id, "release")

    async def leave(self) -> None:
        for person in self.people.values():
            await person.leave()


async def set_stage(product: Product) -> Stage:
    """Sign the demo accounts in."""
    roles = ("student", "proctor", "grader", "reviewer", "author", "admin")
    people = {
        role: await Person(product.server, f"{role}@demo.example", PASSWORD).sign_in() for role in roles
    }
    return Stage(product, people)


async def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Through the screen, from wherever it asks."""
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("navigation", name="Main").wait_for()
