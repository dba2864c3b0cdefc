"""How many sittings a student has: what uses one up, and how a further one is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.attempt import SITTING_PHASES, Phase
from schema.failures import Failure, FailureType
from schema.sitting.word import on, times

USES_ONE_UP = SITTING_PHASES | {Phase.SUBMITTED, Phase.VOIDED, Phase.NO_SHOW}


@dataclass(frozen=True, slots=True)
class PastSitting:
    """An attempt that uses a sitting up. `slot_starts_at` is None where the slot is not known any more."""

    attempt_id: UUID
    phase: Phase
    slot_starts_at: datetime | None
    handed_in_at: datetime | None


def check_sittings(title: str, allowed: int, past: Sequence[PastSitting]) -> None:
    """Raises SITTINGS_USED_UP, which names the attempt handed in, or else the last one. `past` is oldest first."""
    if len(past) < allowed:
        return
    handed_in = [one for one in past if one.handed_in_at is not None]
    named = (handed_in or list(past))[-1]
    raise Failure(
        FailureType.SITTINGS_USED_UP,
        f"{_what_was(named, title)}, and this exam may be sat {times(allowed)}; "
        "if you need a further sitting, ask your examiner for one",
        attempt_id=str(named.attempt_id),
        exam_title=title,
        phase=named.phase.value,
        handed_in_at=_plain(named.handed_in_at),
        slot_starts_at=_plain(named.slot_starts_at),
        attempts_allowed=allowed,
        attempts_used=len(past),
    )


def _what_was(past: PastSitting, title: str) -> str:
    if past.handed_in_at is not None:
        return f"you handed in “{title}” {on(past.handed_in_at)}"
    when = "" if past.slot_starts_at is None else f" {on(past.slot_starts_at)}"
    match past.phase:
        case Phase.NO_SHOW:
            return f"you did not come to “{title}”{when}, which uses a sitting up"
        case Phase.VOIDED:
            return f"your sitting of “{title}”{when} was declared void, which uses it up"
        case Phase.TERMINATED:
            return f"your sitting of “{title}”{when} was stopped, which uses it up"
        case _:
            return f"you began “{title}”{when}"


def _plain(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
