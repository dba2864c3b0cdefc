"""How often something may be asked, per key, counted in this process (moving windows of the `limits` library)."""

import asyncio
import math
import time
from enum import Enum

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from schema.failures import Failure, FailureType


class Rate(Enum):
    """The rates. Whole classrooms share one address, and a wall fetches a picture per tile and second."""

    GENERAL_PERSON = RateLimitItemPerMinute(3000, namespace="general-person")
    GENERAL_ADDRESS = RateLimitItemPerMinute(1200, namespace="general-address")
    # A screen is some thirty small files until the browser has them: a hundred students who begin at once are 3,000.
    FILE_ADDRESS = RateLimitItemPerMinute(30_000, namespace="file-address")
    # Nothing that strangers do is counted per account: it would use up the share of the person whose it is.
    # Guessing is slowed (api/throttle.py), mails to one address are few (api/users/mail_token.py), and what an
    # address may ask comes back within a minute for those who share it.
    LOGIN_ADDRESS = RateLimitItemPerMinute(300, namespace="login-address")
    REGISTER_ADDRESS = RateLimitItemPerMinute(60, namespace="register-address")
    RESET_ADDRESS = RateLimitItemPerMinute(60, namespace="reset-address")
    INVITE_ACCOUNT = RateLimitItemPerHour(3, namespace="invite-account")  # by admins
    PASSWORD_PERSON = RateLimitItemPerMinute(10, 5, namespace="password-person")
    # A person types a message in seconds; a device sends what was written offline all at once.
    MESSAGE_PERSON = RateLimitItemPerMinute(30, namespace="message-person")
    IMPORT_PERSON = RateLimitItemPerMinute(30, namespace="import-person")
    TOKEN_ADDRESS = RateLimitItemPerMinute(300, namespace="token-address")


class RateLimiter:
    """Counts per process; several API processes allow as many times more."""

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on
        self._storage = MemoryStorage()
        self._windows = MovingWindowRateLimiter(self._storage)

    async def hit(self, rate: Rate, key: str) -> None:
        """Count one use. Raises TOO_MANY with the seconds to wait."""
        if self._is_on and not await self._windows.hit(rate.value, key):
            raise await self._too_many(rate.value, key)

    async def close(self) -> None:
        """End the task that forgets old counts."""
        timer = self._storage.timer
        if timer is not None:
            timer.cancel()
            await asyncio.gather(timer, return_exceptions=True)

    async def _too_many(self, item: RateLimitItem, key: str) -> Failure:
        stats = await self._windows.get_window_stats(item, key)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        message = f"this was asked for too often; try again in {wait} seconds"
        return Failure(FailureType.TOO_MANY, message, retry_after=wait)
