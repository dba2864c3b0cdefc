"""What a notification looks like to a client."""

from datetime import datetime
from functools import cache
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from activities.adapters.sql.directory import SqlDirectory
from activities.adapters.template.catalogue import Catalogue, Reader
from activities.occasion import is_blind
from api.context import Context
from schema.db.tables.notifications import NotificationRow


class NotificationView(BaseModel):
    """A notification in the person's language and time zone."""

    notification_id: UUID
    kind: str = Field(examples=["reserved"])
    text: str = Field(examples=["Your seat for Biology is reserved."])
    link: str = Field(description="A path of this site", examples=["/attempts/0190f3a0"])
    facts: dict[str, str]
    created_at: datetime
    read_at: datetime | None


class LiveNotification(BaseModel):
    """A message of the live socket. Send `cursor` as `since` after reconnecting; an id may then come twice."""

    type: Literal["notification"] = "notification"
    cursor: datetime
    notification: NotificationView


class LiveReady(BaseModel):
    """The first message: whatever is notified from now on comes here; load the list after it."""

    type: Literal["ready"] = "ready"
    cursor: datetime
    heartbeat_seconds: float


class LiveHeartbeat(BaseModel):
    """Nothing new, and still connected. Without one for three of its intervals the socket is dead."""

    type: Literal["heartbeat"] = "heartbeat"
    at: datetime


class Teller:
    """Puts one person's notifications into words."""

    def __init__(self, catalogue: Catalogue, reader: Reader) -> None:
        self._catalogue = catalogue
        self._reader = reader

    def view(self, row: NotificationRow) -> NotificationView:
        """The notification with its sentence."""
        facts = {name: str(fact) for name, fact in row.data.items()}
        if is_blind(facts):
            facts.pop("attempt_id", None)  # an older version wrote it
        text, link = self._catalogue.sentence(row.kind, facts, self._reader)
        return NotificationView(
            notification_id=row.notification_id,
            kind=row.kind,
            text=text,
            link=link,
            facts=facts,
            created_at=row.created_at,
            read_at=row.read_at,
        )


async def teller_for(person_id: UUID, context: Context) -> Teller:
    """Looks up language and time zone. Raises NOT_FOUND for a person who is gone."""
    contact = await SqlDirectory(context.databases.users).contact(person_id)
    reader = Reader(contact.display_name, contact.time_zone, contact.language)
    return Teller(_catalogue(context.settings.public_url), reader)


@cache
def _catalogue(public_url: str) -> Catalogue:
    return Catalogue(public_url)
