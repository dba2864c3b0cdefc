"""Kafka and the name node go away while exams are written and archived: that delays, and loses nothing."""

import asyncio
import mailbox
import time
from collections import Counter
from datetime import timedelta

import pytest

from api.demo import story
from api.demo.camera import Camera
from api.demo.cast import Cast
from api.demo.film import open_film, portrait
from schema.events import Topic
from tests.product.arrange import begun
from tests.product.house import House, Say
from tests.product.script import Script
from tests.product.sitting import Peace, Reel, Sitting
from tests.product.trace import mails_of
from tests.stack.full.account import in_kafka, in_outboxes, until_equal
from tests.stack.full.stored import are_uploaded, check_archive, check_frames
from tests.stack.running import RunningStack

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

KAFKA_AWAY = timedelta(seconds=60)
NAMES_AWAY = timedelta(seconds=8)
FRAMES = 5
RELEASE_AT_ONCE = {"appeal_window": "PT1S"}


async def test_an_exam_does_not_wait_for_kafka(house: House, stack: RunningStack, say: Say) -> None:
    before = await until_equal(house)
    cast = await house.cast()
    sitting = Sitting(house, cast, Reel(house.product.settings.sample_media_dir), Peace())
    stack.ask("halt", "kafka")
    try:
        gone_at = time.monotonic()
        await sitting.run()
        took = time.monotonic() - gone_at
        await asyncio.sleep(max(0.0, KAFKA_AWAY.total_seconds() - took))
        owed = (await in_outboxes(house)).owed
        assert stack.members()["kafka"][0] == "down"
    finally:
        stack.ask("resume", "kafka")
    await asyncio.to_thread(stack.wait_until, "kafka", "answers")

    told = await until_equal(house, within=180)
    mails = await mails_of(house, sitting.attempt_id)
    arrived = arrivals(stack)
    new = len(told.events) - len(before.events)
    assert 0 < owed <= new
    assert len(await in_kafka(house, [sitting.attempt_id])) >= len(told.about(sitting.attempt_id)) > 0
    assert {event["type"] for event in told.about(sitting.attempt_id)} >= {
        Topic.ANOMALY_DETECTED, Topic.GRADING_COMPLETED, Topic.EXAM_SUBMITTED,
    }  # fmt: skip
    assert {arrived[mail.message_id] for mail in mails} == {1}
    say(
        f"full: without Kafka from seat to archive in {took:.0f} s; {owed} events waited, then all were everywhere"
    )


async def test_an_archive_outlasts_the_name_node(house: House, stack: RunningStack, say: Say) -> None:
    cast = await house.cast()
    attempt_id, view = await begun(house, cast, **RELEASE_AT_ONCE)
    frames = await sit(house, cast, attempt_id)
    stack.ask("halt", "hdfs-name")
    try:
        await asyncio.to_thread(stack.wait_until, "hdfs-name", "down")
        await story.command(cast.student, attempt_id, "submit")
        await story.mark(cast, view["exam_id"])
        await story.release(cast, attempt_id)
        await asyncio.sleep(NAMES_AWAY.total_seconds())
        attempt = await cast.admin.get(f"/api/reservations/attempts/{attempt_id}")
        assert attempt["release"] == "final"
    finally:
        stack.ask("resume", "hdfs-name")
    back_at = time.monotonic()

    names = await story.archive(cast, attempt_id)

    say(f"full: archived {time.monotonic() - back_at:.0f} s after the name node was told to come back")
    await check_archive(house, cast.admin, attempt_id, names)
    await story.until(lambda: are_uploaded(house, attempt_id), "all segments to be in HDFS")
    assert await check_frames(house, attempt_id) == frames
    await until_equal(house)


def arrivals(stack: RunningStack) -> Counter[str]:
    """How often each mail came to the mail server, by Message-ID."""
    return Counter(str(mail["message-id"]) for mail in mailbox.Maildir(stack.var_dir / "mail"))


async def sit(house: House, cast: Cast, attempt_id: str) -> int:
    """Answer everything, alone before the camera: nothing for anybody to judge. Returns how many frames were taken."""
    script = await Script.open(cast.student, attempt_id)
    picture = portrait(open_film(house.product.settings.sample_media_dir))
    camera = Camera(cast.student, attempt_id)
    camera.open()
    try:
        for place in range(FRAMES):
            await script.save(place)
            await camera.frame(picture)
            await asyncio.sleep(0.5)
        await camera.drained()
    finally:
        await camera.close()
    return len(camera.acknowledged)
