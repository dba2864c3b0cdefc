"""The people of the demo: they register, confirm their address by the mail they get, and an admin gives them roles."""

import uuid
from dataclasses import dataclass

from api.demo.mailbox import Mailbox, awaited, token_in
from api.demo.person import Person

ADMIN = ("admin@demo.example", "proctorwise-demo")
ROLES = {
    "student": "student",
    "proctor": "proctor",
    "grader": "grader",
    "reviewer": "reviewer",
    "second": "reviewer",
    "author": "author",
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone who acts, signed in."""

    admin: Person
    student: Person
    proctor: Person
    grader: Person
    reviewer: Person
    second: Person
    author: Person

    async def leave(self) -> None:
        """Close all connections."""
        for name in (*ROLES, "admin"):
            await getattr(self, name).leave()


async def admin_of(server: str) -> Person:
    """The demo account of an admin, signed in."""
    return await Person(server, *ADMIN).sign_in()


async def engage(server: str, admin: Person, mailbox: Mailbox) -> Cast:
    """Register everybody. Raises Refused, TimeoutError when a mail does not come."""
    run = uuid.uuid4().hex[:8]
    people = {name: await _engaged(server, admin, mailbox, name, role, run) for name, role in ROLES.items()}
    return Cast(admin=admin, **people)


async def _engaged(server: str, admin: Person, mailbox: Mailbox, name: str, role: str, run: str) -> Person:
    email, password = f"{name}.{run}@demo.example", f"demo-{uuid.uuid4().hex}"
    newcomer = Person(server, email, password)
    registration = {
        "email": email,
        "password": password,
        "display_name": f"{name.title()} of the demo",
        "student_number": f"D-{run}" if name == "student" else "",
        "time_zone": "Europe/Lisbon",
    }
    await newcomer.post("/api/users/registrations", registration)
    letter = await awaited(mailbox, email, "confirm")
    confirmation = {"token": token_in(letter), "password": password}
    confirmed = await newcomer.post("/api/users/confirmations", confirmation)
    if role != "student":
        path = f"/api/users/people/{confirmed['person_id']}/roles"
        await admin.call("PUT", path, json={"roles": [role]})
    return await newcomer.sign_in()
