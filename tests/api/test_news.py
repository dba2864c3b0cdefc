"""News of conversations: one question for all who wait, and a database that fails is asked again."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

import pytest

from activities.adapters.memory.conversation_book import MemoryConversationBook
from api.monitoring.news import News
from schema.conversation import Saying, Side
from schema.failures import Failure, FailureType
from schema.ids import new_id
from tests.api.house import START

SOON = timedelta(milliseconds=10)
LONG = timedelta(minutes=10)
LIMIT = 60  # seconds: much less than LONG, more than a machine stands still


class CountingBook(MemoryConversationBook):
    """Remembers what it was asked; fails the first `failures` times."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__()
        self.asked: list[set[UUID]] = []
        self._failures = failures

    async def versions(self, attempt_ids: Collection[UUID]) -> Mapping[UUID, int]:
        self.asked.append(set(attempt_ids))
        if len(self.asked) <= self._failures:
            raise Failure(FailureType.UNAVAILABLE, "the database is away")
        return await super().versions(attempt_ids)


def saying(attempt_id: UUID) -> Saying:
    return Saying(attempt_id, new_id(), Side.PROCTOR, str(new_id()), "Hello", START)


async def test_only_those_whose_conversation_changed_are_told() -> None:
    book = CountingBook()
    news = News(book)
    changed, silent = new_id(), new_id()
    waiting = {one: asyncio.create_task(news.wait(one, 0, LONG)) for one in (changed, silent)}
    await asyncio.sleep(0)
    await book.say(saying(changed))

    await news.look()

    await asyncio.wait_for(waiting[changed], LIMIT)
    assert not waiting[silent].done()
    assert book.asked == [{changed, silent}]
    waiting[silent].cancel()


async def test_who_knows_an_old_version_is_told_at_once() -> None:
    book = CountingBook()
    attempt_id = new_id()
    await book.say(saying(attempt_id))
    news = News(book, pause=SOON)

    async with news.running(), asyncio.timeout(LIMIT):
        await news.wait(attempt_id, 0, LONG)

    assert book.asked[-1] == {attempt_id}


async def test_patience_ends_and_nobody_is_asked_for_who_left() -> None:
    book = CountingBook()
    news = News(book)

    await news.wait(new_id(), 0, SOON)
    await news.look()

    assert book.asked == []


async def test_a_database_that_fails_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    book = CountingBook(failures=1)
    attempt_id = new_id()
    await book.say(saying(attempt_id))
    news = News(book, pause=SOON)

    async with news.running(), asyncio.timeout(LIMIT):
        await news.wait(attempt_id, 0, LONG)

    assert len(book.asked) == 2
    assert "new messages cannot be read" in caplog.text
