"""What one move gave back of the time that the platform took."""

from datetime import datetime, timedelta

from schema.model import Message


class TimeReturned(Message):
    """Of the silence that began at `began_at`: `lost` while the clock ran, `added` to the deadline, and why less.

    Where it `is_wait`, a timer stood still instead: that of a hold, a slot's start, a pause. It rings `added` later,
    at `until`.
    """

    began_at: datetime
    lost: timedelta
    added: timedelta
    why_less: str = ""
    is_wait: bool = False
    until: datetime | None = None
