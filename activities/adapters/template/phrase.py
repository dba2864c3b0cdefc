"""Says instants, spans and technical words in a language and a person's time zone."""

import logging
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOG = logging.getLogger(__name__)
SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


class Phrase:
    """The filters of one language and one time zone; what it cannot read it leaves as it is."""

    def __init__(self, language: dict[str, Any], words: dict[str, str], time_zone: str) -> None:
        self._language = language
        self._words = words
        self._zone = zone_of(time_zone)

    def when(self, instant: str) -> str:
        """`2026-11-23T08:00:00+00:00` → `Monday 23 November 2026 at 09:00 (Europe/Vienna, UTC+01:00)`."""
        try:
            there = datetime.fromisoformat(instant).astimezone(self._zone)
        except ValueError:
            return instant
        pattern: str = self._language["instant"]
        return pattern.format(
            weekday=self._language["weekdays"][there.weekday()],
            day=there.day,
            month=self._language["months"][there.month - 1],
            year=there.year,
            hour=there.hour,
            minute=there.minute,
            zone=place_of(there, str(self._zone)),
        )

    def span(self, seconds: str) -> str:
        """`5400` → `1 hour and 30 minutes`; at most the two largest units."""
        try:
            left = abs(int(float(seconds)))
        except ValueError:
            return seconds
        parts = []
        for unit, size in SECONDS.items():
            count, left = divmod(left, size)
            if count:
                parts.append(f"{count} {self._language[unit][count != 1]}")
        return f" {self._language['and']} ".join(parts[:2]) or f"0 {self._language['second'][1]}"

    def word(self, name: str) -> str:
        """The plain words for `face_absent` and the like; an unknown one with its underscores taken out."""
        return self._words.get(name, name.replace("_", " "))


def zone_of(name: str) -> tzinfo:
    """The named zone, or UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        LOG.warning("unknown time zone %r: times are given in UTC", name)
        return UTC


def place_of(instant: datetime, zone: str) -> str:
    """`Europe/Vienna, UTC+01:00`: a zone by itself does not tell summer from winter. `UTC` says all."""
    return zone if zone == "UTC" else f"{zone}, UTC{offset_of(instant)}"


def offset_of(instant: datetime) -> str:
    """`+01:00`; a sign, hours and minutes."""
    written = instant.strftime("%z")
    return f"{written[:3]}:{written[3:5]}"
