"""The few errors the product knows: each has a name, an HTTP status, and whether trying again can help."""

from enum import StrEnum


class FailureType(StrEnum):
    """The name of a failure; it is also the last part of a problem's `type` and an ApplicationError's type."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    ILLEGAL_MOVE = "illegal_move"
    SLOT_FULL = "slot_full"
    ALREADY_RESERVED = "already_reserved"
    SITTINGS_USED_UP = "sittings_used_up"
    TOO_MANY_HOLDS = "too_many_holds"
    DEADLINE_PASSED = "deadline_passed"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    TOO_SLOW = "too_slow"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


STATUS: dict[FailureType, int] = {
    FailureType.INVALID: 422,
    FailureType.UNAUTHENTICATED: 401,
    FailureType.FORBIDDEN: 403,
    FailureType.NOT_FOUND: 404,
    FailureType.CONFLICT: 409,
    FailureType.ILLEGAL_MOVE: 409,
    FailureType.SLOT_FULL: 409,
    FailureType.ALREADY_RESERVED: 409,
    FailureType.SITTINGS_USED_UP: 409,
    FailureType.TOO_MANY_HOLDS: 409,
    FailureType.DEADLINE_PASSED: 409,
    FailureType.TOO_LARGE: 413,
    FailureType.UNSUPPORTED: 415,
    FailureType.TOO_SLOW: 408,
    FailureType.TOO_MANY: 429,
    FailureType.UNAVAILABLE: 503,
}

RETRYABLE = frozenset({FailureType.TOO_MANY, FailureType.UNAVAILABLE})


class Failure(Exception):
    """Something that a caller must know: what happened, to which id, and what to do.

    `field` names the offending input as a JSON pointer where there is one; `extra` holds further members
    of the problem document.
    """

    def __init__(self, type: FailureType, message: str, *, field: str = "", **extra: object) -> None:  # noqa: A002
        super().__init__(message)
        self.type = type
        self.message = message
        self.field = field
        self.extra = extra

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.type]

    @property
    def is_retryable(self) -> bool:
        """Whether the same call may succeed later."""
        return self.type in RETRYABLE
