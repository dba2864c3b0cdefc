"""A process that relays events in small batches until none is left, or so many and then waits to be killed."""

import asyncio
import sys
from pathlib import Path

from activities.adapters.lake import LakeSink
from activities.adapters.now import utc_now
from activities.adapters.sql.outbox import outboxes_of
from activities.adapters.timeline import TimelineSink
from activities.ports import EventSink
from activities.relay import Relay
from schema.db.session import Databases
from tests.db.database import addresses_of

BATCH = 4


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main(pattern: str, lake: Path, steps: int) -> None:
    databases = Databases.open(addresses_of(pattern))
    sinks: list[EventSink] = [LakeSink(lake), TimelineSink(databases.analytics)]
    relay = Relay(outboxes_of(databases), sinks, utc_now, batch=BATCH)
    say("ready")
    while await relay.step():
        say("stepped")
        steps -= 1
        if steps == 0:
            await asyncio.Event().wait()
    await databases.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
