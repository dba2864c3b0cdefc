"""Acts that a person began and whose answer may never have been given."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from schema.journal import Act


class IntentBook(Protocol):
    """Acts that are written before they are done; an API that dies in between leaves one behind."""

    async def begun_before(self, moment: datetime, after: Act | None = None) -> Sequence[Act]:
        """The oldest first; some of them where there are many, and those behind `after` next."""

    async def what_came_of(self, act: Act) -> Act | None:
        """The act as it was done, by what its attempt's workflow wrote; None where it was not, or not yet."""

    async def record(self, act: Act) -> None:
        """Into the audit log, once; it is begun no more."""

    async def forget(self, act: Act) -> None:
        """It did not happen."""
