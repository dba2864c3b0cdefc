"""FeedBook: tickets between opening and closing, and never after the last record."""

from uuid import UUID

from schema.ids import DEFAULT_ORGANISATION, new_id
from schema.task import OpenFeed
from tests.contracts.builder import SECOND
from tests.contracts.world import World


def opening(attempt_id: UUID) -> OpenFeed:
    return OpenFeed(
        attempt_id=attempt_id,
        organisation_id=DEFAULT_ORGANISATION,
        exam_id=new_id(),
        student_id=new_id(),
        interval=SECOND,
    )


async def test_a_feed_opens_closes_and_opens_again(world: World) -> None:
    attempt_id = new_id()
    seen = []

    for step in (world.books.feeds.open(opening(attempt_id)), world.books.feeds.open(opening(attempt_id))):
        await step
        seen.append(await world.feed_opens(attempt_id))
    await world.books.feeds.close(attempt_id)
    seen.append(await world.feed_opens(attempt_id))
    await world.books.feeds.open(opening(attempt_id))
    seen.append(await world.feed_opens(attempt_id))

    assert seen == [True, True, False, True]


async def test_a_feed_with_its_last_record_stays_closed(world: World) -> None:
    attempt_id = new_id()
    await world.books.feeds.open(opening(attempt_id))
    await world.books.feeds.close(attempt_id)
    await world.set_final_offset(attempt_id, 7)

    await world.books.feeds.open(opening(attempt_id))

    assert await world.feed_opens(attempt_id) is False


async def test_closing_what_never_opened_is_no_error(world: World) -> None:
    attempt_id = new_id()

    await world.books.feeds.close(attempt_id)

    assert await world.feed_opens(attempt_id) is None


async def test_the_feed_of_a_reopened_attempt_opens_after_its_end(world: World) -> None:
    request = opening(new_id())
    await world.books.feeds.open(request)
    await world.books.feeds.close(request.attempt_id)
    await world.set_final_offset(request.attempt_id, 7)

    await world.books.feeds.open(request)
    assert await world.feed_opens(request.attempt_id) is False
    await world.books.feeds.reopen(request)

    assert await world.feed_opens(request.attempt_id) is True
