"""Events that nobody can read, kept in the lake below quarantine/events/{topic}/ and counted, never dropped."""

import base64
import json
import logging
from collections import Counter

from activities.ports import ObjectStore

LOG = logging.getLogger(__name__)
FOLDER = "quarantine/events"


class Quarantine:
    """One object per message, named for where it stood: a message that comes again replaces its object."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.counts: Counter[str] = Counter()

    async def keep(self, topic: str, place: str, value: bytes | None, why: str) -> None:
        """Returns once it is durable; `place` is unique within the topic ("3-1042": partition and offset)."""
        name = f"{FOLDER}/{topic}/{place}.json"
        kept = {"topic": topic, "place": place, "why": why, **_readable(value)}
        await self._store.put(name, json.dumps(kept, indent=2).encode())
        self.counts[topic] += 1
        LOG.error("a message on %s is no event and lies in %s: %s", topic, name, why)


def _readable(value: bytes | None) -> dict[str, str | None]:
    """The text where it is one, else base64."""
    try:
        return {"text": None if value is None else value.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value or b"").decode()}
