"""Coverage: how many pictures were due, sent and analysed, and whose doing it was that some are missing."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schema.clock import ExamClock
from schema.coverage.account import CoverageAccount
from schema.coverage.figure import CoverageCause, Party, StreamTail, WatchCoverage, coverage_of
from schema.outage.interval import Interval
from schema.record import Record, RecordKind

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
NOBODY = UUID(int=0)
TEN_MINUTES = 600.0


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def frame(seconds: float, arrived: float | None = None) -> Record:
    received = at(seconds if arrived is None else arrived)
    return Record(1, RecordKind.FRAME, NOBODY, 1, at(seconds), received, b"jpeg")


def frames(begin: float, end: float, every: float = 1.0, late: float = 0) -> list[Record]:
    number = int((end - begin) / every)
    return [frame(begin + place * every, begin + place * every + late) for place in range(number)]


def fact(kind: str, seconds: float, interval_ms: int = 1000) -> Record:
    body = json.dumps({"kind": kind, "interval_ms": interval_ms}).encode()
    return Record(1, RecordKind.CONNECTION, NOBODY, 0, at(seconds), at(seconds), body)


def event(kind: str, seconds: float) -> Record:
    body = json.dumps({"kind": kind}).encode()
    return Record(1, RecordKind.BROWSER_EVENT, NOBODY, 1, at(seconds), at(seconds), body)


def measured(
    records: Iterable[Record], *, until: float = TEN_MINUTES, tail: StreamTail | None = None, **clock: Any
) -> WatchCoverage:
    began = ExamClock(allowed=timedelta(hours=1), started_at=NOON).model_copy(update=clock)
    account = CoverageAccount().adding(records)
    found = coverage_of(began, at(until), account, tail or StreamTail(), 90)
    assert found is not None
    return found


def causes(found: WatchCoverage) -> dict[CoverageCause, int]:
    return {one.cause: one.frames for one in found.missing}


def test_a_stream_as_asked_is_wholly_watched() -> None:
    found = measured([fact("opened", 2), *frames(3, 600)])

    assert (found.due, found.sent, found.analysed, found.percent) == (597, 597, 597, 100)
    assert not found.is_short
    assert found.missing == ()


def test_a_browser_whose_timer_fires_late_is_no_absence() -> None:
    assert measured([fact("opened", 2), *frames(3, 600, every=1.15)]).percent > 99


def test_nothing_ever_streamed_is_short_however_brief_the_attempt_was() -> None:
    moment, whole = measured([], until=0.4), measured([])

    assert (moment.percent, moment.is_short, whole.percent, whole.is_short) == (0, True, 0, True)
    assert causes(moment) == {CoverageCause.NEVER_STREAMED: 1}
    assert causes(whole) == {CoverageCause.NEVER_STREAMED: 600}
    assert not whole.is_technical
    assert "no picture was ever sent" in whole.words


def test_one_frame_and_then_silence_is_the_browsers() -> None:
    found = measured([fact("opened", 1), frame(2)], until=30)

    assert found.is_short
    assert found.percent < 10
    assert causes(found) == {CoverageCause.SILENT: 27}


def test_half_as_many_frames_as_asked_are_too_few() -> None:
    found = measured([fact("opened", 0), *frames(0, 600, every=2)])

    assert found.is_short
    assert (found.due, found.sent) == (600, 300)
    assert found.missing[0].cause is CoverageCause.TOO_FEW


def test_a_burst_stands_for_no_more_than_its_time() -> None:
    found = measured([fact("opened", 0), *frames(0, 30, every=0.05)])

    assert found.percent == pytest.approx(5, abs=0.2)
    assert found.is_short


def test_frozen_times_stand_for_a_moment_only() -> None:
    found = measured([fact("opened", 0), *(frame(1, 1 + place) for place in range(599))])

    assert found.is_short
    assert found.percent < 1


def test_frames_of_the_spool_close_the_gap_of_a_lost_connection() -> None:
    lost = [fact("opened", 0), *frames(0, 200), fact("closed", 201), fact("opened", 400)]
    found = measured([*lost, *frames(200, 400, late=201), *frames(400, 600)])

    assert found.percent == 100
    assert found.missing == ()


def test_a_lost_connection_is_technical_and_the_networks() -> None:
    found = measured(
        [fact("opened", 0), *frames(0, 200), fact("closed", 200), fact("opened", 400), *frames(400, 600)]
    )

    assert found.is_short
    assert found.is_technical
    assert causes(found) == {CoverageCause.DISCONNECTED: 200}
    assert found.missing[0].party is Party.NETWORK


def test_a_camera_that_stopped_is_named() -> None:
    stopped = [fact("opened", 0), *frames(0, 300), event("track_ended", 300), event("track_started", 500)]

    assert causes(measured([*stopped, *frames(500, 600)])) == {CoverageCause.CAMERA_OFF: 200}


def test_a_restarted_server_blames_nobody() -> None:
    before = [fact("opened", 0), *frames(0, 300), fact("server_restarted", 310), fact("closed", 310)]
    found = measured([*before, fact("opened", 350), *frames(350, 600)])

    assert causes(found) == {CoverageCause.SERVER: 50}
    assert found.is_technical
    assert found.missing[0].party is Party.PLATFORM


def test_who_stays_away_after_a_restart_is_not_excused_for_ever() -> None:
    before = [fact("opened", 0), *frames(0, 300), fact("server_restarted", 300), fact("closed", 300)]

    assert causes(measured(before)) == {CoverageCause.DISCONNECTED: 240, CoverageCause.SERVER: 60}


def test_an_outage_that_is_recorded_is_the_platforms() -> None:
    account = CoverageAccount().adding([fact("opened", 0), *frames(0, 300), *frames(400, 600)])
    clock = ExamClock(allowed=timedelta(hours=1), started_at=NOON)
    outage = (Interval(start=at(299), end=at(401)),)
    found = coverage_of(clock, at(600), account, StreamTail(), 90, outage)

    assert found is not None
    assert causes(found) == {CoverageCause.SERVER: 100}


def test_time_that_was_given_back_and_pauses_were_not_due() -> None:
    away = (Interval(start=at(300), end=at(400)),)
    stream = [fact("opened", 0), *frames(0, 300), *frames(400, 600)]
    given_back, paused = measured(stream, returned=away), measured(stream, stands=away)

    assert (given_back.due, given_back.percent) == (500, 100)
    assert (paused.due, paused.percent) == (500, 100)


def test_frames_that_wait_for_a_detector_are_sent_and_not_analysed() -> None:
    tail = StreamTail(waiting_frames=300)
    found = measured([fact("opened", 0), *frames(0, 300)], tail=tail)

    assert (found.sent, found.analysed) == (600, 300)
    assert causes(found) == {CoverageCause.NOT_ANALYSED: 300}


def test_frames_that_the_platform_lost_are_its_own() -> None:
    stream = [fact("opened", 0), *frames(0, 300), *frames(400, 600)]

    assert causes(measured(stream, tail=StreamTail(lost_frames=100))) == {CoverageCause.LOST: 100}


def test_unreadable_frames_show_nothing() -> None:
    found = measured([fact("opened", 0), *frames(0, 600)], tail=StreamTail(unreadable=200))

    assert (found.analysed, found.is_short) == (400, True)
    assert causes(found) == {CoverageCause.UNREADABLE: 200}


def test_a_server_that_asks_for_fewer_frames_gets_fewer() -> None:
    slowed = [fact("opened", 0), *frames(0, 300), fact("paced", 300, 4000), *frames(300, 600, every=4)]

    assert measured(slowed).percent > 99


def test_few_missing_frames_of_a_short_exam_are_no_review() -> None:
    found = measured([fact("opened", 0), *frames(0, 17)], until=20)

    assert found.percent < 90
    assert not found.is_short


def test_an_exam_that_asks_for_nothing_opens_nothing() -> None:
    clock = ExamClock(allowed=timedelta(hours=1), started_at=NOON)
    found = coverage_of(clock, at(600), CoverageAccount(), StreamTail(), 0)

    assert found is not None
    assert not found.is_short


def test_what_an_older_version_analysed_is_not_measured() -> None:
    clock = ExamClock(allowed=timedelta(hours=1), started_at=NOON)

    assert coverage_of(clock, at(600), CoverageAccount(is_whole=False), StreamTail(), 90) is None


def test_the_account_stays_small_whatever_is_sent() -> None:
    account = CoverageAccount().adding(
        [
            fact("opened", 0),
            *(one for place in range(3_000) for one in (frame(place * 10), fact("closed", place * 10 + 1))),
        ]
    )

    assert len(account.model_dump_json()) < 64_000
    assert CoverageAccount.model_validate_json(account.model_dump_json()) == account
