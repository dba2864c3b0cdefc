"""Waiting for a seat in a full slot: how long, and for how long the seat that comes is kept. Pure."""

from datetime import datetime, timedelta

from schema import lifecycle as m
from schema.attempt import Phase, Verb
from schema.outage.wait import rings_at
from schema.step import step

KEPT_FOR = timedelta(hours=12)


def begin_waiting(state: m.AttemptState) -> None:
    """There was no seat: the attempt waits for one until its slot begins."""
    state.phase = Phase.WAITLISTED
    state.hold_until = state.slot.starts_at


def promote(attempt: m.AttemptInput, state: m.AttemptState, now: datetime) -> None:
    """A freed seat is this attempt's, until `kept_until`; changes nothing where nobody waits any more."""
    if state.phase is Phase.WAITLISTED:
        waits_until = rings_at(attempt, state) or state.slot.starts_at
        step(state, Verb.PROMOTE, m.SYSTEM, now)
        state.hold_since, state.hold_until = now, kept_until(attempt, state.slot, now, waits_until)


def kept_until(
    attempt: m.AttemptInput, slot: m.SlotWindow, now: datetime, waits_until: datetime | None = None
) -> datetime:
    """Twelve hours, since who waits does not sit at the screen, but not beyond the cut-off for cancelling.

    Where the seat comes later than that, it is kept as long as any other, at most until the slot begins, or until
    an outage lets people wait for it: nobody moves up only to expire at once.
    """
    cut_off = slot.starts_at - attempt.policy.cancel_cut_off
    usual = min(now + attempt.policy.hold, max(slot.starts_at, waits_until or slot.starts_at))
    return max(min(now + KEPT_FOR, cut_off), usual)
