"""Demo accounts for development; the settings refuse them in production."""

from schema.machine import ActorRole
from schema.model import Message

DEMO_PASSWORD = "proctorwise-demo"  # noqa: S105 - shown to everyone, refused in production


class DemoAccount(Message):
    """A person that exists on every development machine."""

    email: str
    display_name: str
    roles: tuple[ActorRole, ...]


DEMO_ACCOUNTS = (
    DemoAccount(email="student@demo.example", display_name="Sam Student", roles=(ActorRole.STUDENT,)),
    DemoAccount(email="proctor@demo.example", display_name="Pat Proctor", roles=(ActorRole.PROCTOR,)),
    DemoAccount(email="grader@demo.example", display_name="Gwen Grader", roles=(ActorRole.GRADER,)),
    DemoAccount(email="reviewer@demo.example", display_name="Rae Reviewer", roles=(ActorRole.REVIEWER,)),
    DemoAccount(email="second@demo.example", display_name="Sol Second", roles=(ActorRole.REVIEWER,)),
    DemoAccount(email="author@demo.example", display_name="Ari Author", roles=(ActorRole.AUTHOR,)),
    DemoAccount(email="admin@demo.example", display_name="Alex Admin", roles=(ActorRole.ADMIN,)),
)
