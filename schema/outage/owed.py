"""How a recorded loss stands."""

from enum import StrEnum


class OwedState(StrEnum):
    """Whether the attempt's workflow has taken it."""

    WAITING = "waiting"
    GIVEN = "given"
    REFUSED = "refused"
