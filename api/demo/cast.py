"""The people of the demo: the accounts of every development machine, so that one can look at it as each of them."""

from dataclasses import dataclass

from api.demo.person import Person, Refused

PASSWORD = "proctorwise-demo"  # noqa: S105 - printed at every start, refused in production
ROLES = ("student", "proctor", "grader", "reviewer", "second", "author", "admin")


class NoAccounts(Exception):
    """The product has no demo accounts, or not with the password that is printed."""


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
        for name in ROLES:
            await getattr(self, name).leave()


async def engage(server: str) -> Cast:
    """Sign everybody in. Raises NoAccounts."""
    people = {name: Person(server, f"{name}@demo.example", PASSWORD) for name in ROLES}
    for person in people.values():
        await sign_in(person)
    return Cast(**people)


async def sign_in(person: Person) -> None:
    """Sign one of them in. Raises NoAccounts with what to do."""
    try:
        await person.sign_in()
    except Refused as refused:
        what = (
            f"{person.email} cannot sign in at {person.server}: {refused.problem.get('detail', refused)}\n"
            "The demo plays with the accounts that `make run` prints: start the product with DEMO_ACCOUNTS=true, or"
            " give the account its printed password back."
        )
        raise NoAccounts(what) from refused
