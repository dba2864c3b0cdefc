"""One mark of service: this node serves this component now."""

from datetime import datetime, timedelta

from schema.model import Message
from schema.outage.service import Cause, Component


class ServiceMark(Message):
    """The time of a mark is that of its transaction, which may have waited for a lock.

    `marked_at_boot` is the reading of the machine's own clock (seconds since it booted, sleep included) at this
    process's last mark; None after its start, when only what is written tells how long nobody served. `cause` is what
    was away since then, as far as the process saw.
    """

    component: Component
    node_id: str
    marked_at_boot: float | None = None
    cause: Cause = Cause.PROCESS


def silence_since(written_at: datetime, mark: ServiceMark, now: datetime, boot: float) -> timedelta:
    """Since anybody marked for the node. Where a clock was set meanwhile, the machine's own one knows better."""
    written = now - written_at
    if mark.marked_at_boot is None:
        return written
    own = timedelta(seconds=boot - mark.marked_at_boot)
    return own if written < timedelta(0) else min(written, own)
