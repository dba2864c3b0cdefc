"""Which moves of an attempt people are told about, whom, and with which facts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schema.attempt import Phase, Verb
    from schema.lifecycle import AttemptInput, AttemptState, Step
    from schema.notice import Audience, Notify, Occasion
    from schema.outage.wait import no_show_at
    from schema.outcome import ReleaseVerb


@dataclass(frozen=True, slots=True)
class Moved:
    """An attempt that has just made this step."""

    attempt: AttemptInput
    state: AttemptState
    step: Step


Facts = Callable[[Moved], dict[str, str]]
# Where it is the student whom a timer waits for.
_THEIRS = frozenset({Phase.HELD, Phase.RESERVED, Phase.CHECKING_IN, Phase.ADMITTED, Phase.PAUSED})


def notice_of(attempt: AttemptInput, state: AttemptState, step: Step) -> Notify | None:
    """What this move makes somebody say, if anything; one notice per move, so a replay doubles none."""
    if step.returned is not None and not step.returned.lost:
        return None  # it was given back before
    found = _IN_VAIN if _waited_in_vain(step) else _NOTICES.get((step.machine, step.verb))
    if found is None:
        return None
    occasion, facts = found
    return _notify(attempt, occasion, f"{step.version}", facts(Moved(attempt, state, step)), step.at)


def reminder(attempt: AttemptInput, state: AttemptState, before: timedelta) -> Notify:
    """The reminder that comes `before` the slot begins, once per slot."""
    at = state.slot.starts_at - before
    key = f"{state.slot.slot_id}/{int(before.total_seconds())}"
    return _notify(attempt, Occasion.REMINDER, key, _slot_facts(attempt, state), at)


def _notify(
    attempt: AttemptInput, occasion: Occasion, key: str, facts: dict[str, str], at: datetime
) -> Notify:
    to_admins = occasion is Occasion.ADMISSION_OVERDUE
    return Notify(
        occasion=occasion,
        key=key,
        audience=Audience.ADMINS if to_admins else Audience.STUDENT,
        attempt_id=attempt.attempt_id,
        exam_id=attempt.exam_id,
        person_id=None if to_admins else attempt.student_id,
        facts={name: value for name, value in facts.items() if value},
        at=at,
    )


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _slot_facts(attempt: AttemptInput, state: AttemptState) -> dict[str, str]:
    starts = state.slot.starts_at
    return {
        "starts_at": _iso(starts),
        "ends_at": _iso(state.slot.ends_at),
        "check_in_opens_at": _iso(starts - attempt.policy.check_in_opens),
        "cancel_until": _iso(starts - attempt.policy.cancel_cut_off),
    }


def _slot(moved: Moved) -> dict[str, str]:
    return {**_slot_facts(moved.attempt, moved.state), "reason": moved.step.reason}


def _freed(moved: Moved) -> dict[str, str]:
    return {**_slot_facts(moved.attempt, moved.state), "confirm_until": _iso(moved.state.hold_until)}


def _waited_in_vain(step: Step) -> bool:
    return step.machine == "attempt" and (step.source, step.verb) == (Phase.WAITLISTED, Verb.EXPIRE)


def _reason(moved: Moved) -> dict[str, str]:
    return {"reason": moved.step.reason}


def _overdue(moved: Moved) -> dict[str, str]:
    return {"waiting_since": _iso(moved.state.awaiting_since)}


def _admitted(moved: Moved) -> dict[str, str]:
    return {"start_until": _iso(no_show_at(moved.attempt, moved.state))}


def _terminated(moved: Moved) -> dict[str, str]:
    until = moved.step.at + moved.attempt.policy.reactivation_window
    return {"reason": moved.step.reason, "reactivation_until": _iso(until)}


def _deadline(moved: Moved) -> dict[str, str]:
    return {"reason": moved.step.reason, "deadline_at": _iso(moved.state.clock.deadline_at)}


def _changed(word: str) -> Facts:
    return lambda moved: {"change": word, **_deadline(moved), **moved.step.facts}


def _reopened(moved: Moved) -> dict[str, str]:
    return {**_deadline(moved), "deadline_at": moved.step.facts.get("deadline_at", "")}


def _sent_back(moved: Moved) -> dict[str, str]:
    return {**_reason(moved), **moved.step.facts}


def _returned(moved: Moved) -> dict[str, str]:
    returned = moved.step.returned
    added = returned.added if returned is not None else timedelta(0)
    until = returned.until if returned is not None and moved.step.source in _THEIRS else None
    facts = {"change": "returned", "seconds": f"{int(added.total_seconds())}", **_deadline(moved)}
    return {**facts, "kept_until": _iso(until)}


def _submitted(moved: Moved) -> dict[str, str]:
    return {"submitted_at": _iso(moved.state.submitted_at), "by": moved.step.actor.role}


def _released(moved: Moved) -> dict[str, str]:
    return {"appeal_until": _iso(moved.step.at + moved.attempt.policy.appeal_window)}


def _settled(moved: Moved) -> dict[str, str]:
    return {"outcome": moved.step.reason}


_IN_VAIN: tuple[Occasion, Facts] = (Occasion.WAITED_IN_VAIN, _slot)
_NOTICES: dict[tuple[str, str], tuple[Occasion, Facts]] = {
    ("attempt", Verb.PROMOTE): (Occasion.SEAT_FREED, _freed),
    ("attempt", Verb.CONFIRM): (Occasion.RESERVED, _slot),
    ("attempt", Verb.MOVE): (Occasion.MOVED, _slot),
    ("attempt", Verb.CANCEL): (Occasion.CANCELLED, _slot),
    ("attempt", Verb.MARK_NO_SHOW): (Occasion.NO_SHOW, _slot),
    ("attempt", Verb.SEND_BACK): (Occasion.SENT_BACK, _sent_back),
    ("attempt", Verb.ESCALATE): (Occasion.ADMISSION_OVERDUE, _overdue),
    ("attempt", Verb.ADMIT): (Occasion.ADMITTED, _admitted),
    ("attempt", Verb.REFUSE): (Occasion.VOIDED, _reason),
    ("attempt", Verb.EXTEND): (Occasion.TIME_CHANGED, _changed("extended")),
    ("attempt", Verb.RETURN_TIME): (Occasion.TIME_CHANGED, _returned),
    ("attempt", Verb.LIFT_CAP): (Occasion.TIME_CHANGED, _changed("cap_lifted")),
    ("attempt", Verb.PAUSE): (Occasion.TIME_CHANGED, _changed("paused")),
    ("attempt", Verb.RESUME): (Occasion.TIME_CHANGED, _changed("resumed")),
    ("attempt", Verb.TERMINATE): (Occasion.TERMINATED, _terminated),
    ("attempt", Verb.REACTIVATE): (Occasion.REACTIVATED, _deadline),
    ("attempt", Verb.REOPEN): (Occasion.REACTIVATED, _reopened),
    ("attempt", Verb.VOID): (Occasion.VOIDED, _reason),
    ("attempt", Verb.SUBMIT): (Occasion.SUBMITTED, _submitted),
    ("release", ReleaseVerb.RELEASE): (Occasion.RELEASED, _released),
    ("release", ReleaseVerb.SETTLE): (Occasion.APPEAL_SETTLED, _settled),
}
