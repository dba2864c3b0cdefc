"""How often something may be asked, per key: moving windows in this process, with rates of the `limits` library."""

import math
import time
from collections import OrderedDict, deque
from enum import Enum

from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from schema.failures import Failure, FailureType

MOST_KEYS = 50_000


class Rate(Enum):
    """The rates. Whole classrooms share one address, and a wall fetches a picture per tile and second."""

    GENERAL_PERSON = RateLimitItemPerMinute(3000, namespace="general-person")
    GENERAL_ADDRESS = RateLimitItemPerMinute(1200, namespace="general-address")
    # A screen is some thirty small files until the browser has them: a hundred students who begin at once are 3,000.
    FILE_ADDRESS = RateLimitItemPerMinute(30_000, namespace="file-address")
    # Nothing that strangers do is counted per account: it would use up the share of the person whose it is.
    # Guessing is slowed (api/throttle.py), mails to one address are few (api/users/mail_token.py), and what an
    # address may ask comes back within a minute for those who share it. Signing in has a bound of its own that only
    # a flood of sockets meets: whoever shares an address with a guesser, at other accounts or in a browser that was in
    # before, waits for the guesser no longer than for a busy classroom.
    LOGIN_ADDRESS = RateLimitItemPerMinute(30_000, namespace="login-address")
    REGISTER_ADDRESS = RateLimitItemPerMinute(200, namespace="register-address")
    RESET_ADDRESS = RateLimitItemPerMinute(60, namespace="reset-address")
    INVITE_ACCOUNT = RateLimitItemPerHour(3, namespace="invite-account")  # by admins
    PASSWORD_PERSON = RateLimitItemPerMinute(10, 5, namespace="password-person")
    # A person types a message in seconds; a device sends what was written offline all at once.
    MESSAGE_PERSON = RateLimitItemPerMinute(30, namespace="message-person")
    IMPORT_PERSON = RateLimitItemPerMinute(30, namespace="import-person")
    TOKEN_ADDRESS = RateLimitItemPerMinute(300, namespace="token-address")


class RateLimiter:
    """Counts per process; several API processes allow as many times more.

    The library's own memory forgets in a task that trips over keys which are gone by then (KeyError in the log); here
    old counts go when their key is asked for, and those nobody asks for when there are too many.
    """

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()

    async def hit(self, rate: Rate, key: str) -> None:
        """Count one use. Raises TOO_MANY with the seconds to wait."""
        if not self._is_on:
            return
        item, now = rate.value, time.monotonic()
        hits = self._hits.setdefault(item.key_for(key), deque())
        self._hits.move_to_end(item.key_for(key))
        while hits and hits[0] <= now - item.get_expiry():
            hits.popleft()
        if len(hits) >= item.amount:
            raise _too_many(hits[0] + item.get_expiry() - now)
        hits.append(now)
        if len(self._hits) > MOST_KEYS:
            self._hits.popitem(last=False)

    async def close(self) -> None:
        """Forget all counts."""
        self._hits.clear()


def _too_many(seconds: float) -> Failure:
    wait = max(1, math.ceil(seconds))
    message = f"this was asked for too often; try again in {wait} seconds"
    return Failure(FailureType.TOO_MANY, message, retry_after=wait)
