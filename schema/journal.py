"""The audit log: what people did, each act chained to the one before it so that none can be changed unseen."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.model import Message

NO_HASH = "0" * 64  # what the first act is chained to


class ActSubject(StrEnum):
    """What an act is about."""

    PERSON = "person"
    EXAM = "exam"
    SLOT = "slot"
    ATTEMPT = "attempt"
    REVIEW = "review"
    OPERATION = "operation"
    INSTALLATION = "installation"


class ActKind(StrEnum):
    """What somebody did. Decisions about attempts are kinds of their own: `attempt_` and the verb."""

    ROLES_CHANGED = "roles_changed"
    DETAILS_CHANGED = "details_changed"  # name, number, cohort
    EXTRA_TIME_CHANGED = "extra_time_changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    IMPORTED = "imported"
    INVITED = "invited"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an act
    EXAM_CREATED = "exam_created"
    EXAM_CHANGED = "exam_changed"
    EXAM_PUBLISHED = "exam_published"
    EXAM_WITHDRAWN = "exam_withdrawn"
    HELD = "attempt_hold"
    UNHELD = "attempt_unhold"
    SLOT_CREATED = "slot_created"
    SEATS_CHANGED = "seats_changed"
    EVIDENCE_SEEN = "evidence_seen"
    RECORDING_SEEN = "recording_seen"
    RECORDING_DOWNLOADED = "recording_downloaded"
    IDENTITY_PHOTO_SEEN = "identity_photo_seen"
    ANSWER_KEY_SEEN = "answer_key_seen"
    REVIEW_CLAIMED = "review_claimed"
    REVIEW_GIVEN_BACK = "review_given_back"
    REVIEW_DECIDED = "review_decided"
    LATE_ANSWER_ACCEPTED = "late_answer_accepted"
    FURTHER_SITTING_GIVEN = "further_sitting_given"
    OPERATION_STARTED = "operation_started"
    WORKFLOW_REPAIRED = "workflow_repaired"
    RESTORED = "restored"
    HELD_MAILS_SENT = "held_mails_sent"
    HELD_MAILS_DROPPED = "held_mails_dropped"


class Act(Message):
    """One act. `act_id` makes it one however often it is recorded; without `actor_id` it was done at the server."""

    act_id: UUID = Field(default_factory=new_id)
    organisation_id: UUID = DEFAULT_ORGANISATION
    at: datetime
    actor_id: UUID | None
    kind: str
    subject: ActSubject
    subject_id: UUID
    exam_id: UUID | None = None
    reason: str = ""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}


class Link(Message):
    """An act with its place in the organisation's chain."""

    act: Act
    number: int
    previous: str
    hash: str


class Verification(Message):
    """Whether a chain is whole; `broken_at` is the number of the first act that does not fit."""

    organisation_id: UUID
    acts: int
    head: str = Field(
        description="The hash of the newest act; noted elsewhere, it proves that none was cut off"
    )
    broken_at: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, removed or put in between."""
        return self.broken_at is None


def changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two descriptions of the same thing only what differs."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def chained(act: Act, number: int, previous: str) -> Link:
    """The act as the next link after the hash `previous`."""
    content = act.model_dump(mode="json") | {
        "at": act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "number": number,
        "previous": previous,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Link(act=act, number=number, previous=previous, hash=hashlib.sha256(text.encode()).hexdigest())


def verified(organisation_id: UUID, links: Iterable[Link], count: int, head: str) -> Verification:
    """Compare links, in their order, with what they must be; `count` and `head` are what was noted of the newest."""
    number, previous = 0, NO_HASH
    for link in links:
        number += 1
        if link != chained(link.act, number, previous) or link.act.organisation_id != organisation_id:
            return Verification(organisation_id=organisation_id, acts=count, head=head, broken_at=number)
        previous = link.hash
    broken = number + 1 if (number, previous) != (count, head) else None
    return Verification(organisation_id=organisation_id, acts=count, head=head, broken_at=broken)
