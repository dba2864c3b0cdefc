"""What the stack knows of an engine: what it lacks, how it is prepared, which processes it is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from workers.part import Part
from workers.product import Probe

Say = Callable[[str], None]


class Unprepared(Exception):
    """An engine cannot be prepared; the message says what happened and what to do."""


@dataclass(frozen=True, slots=True)
class Member:
    """One process of an engine. `address` is how a person or a setting reaches it, `ports` where it listens."""

    part: Part
    address: str
    ports: tuple[int, ...]
    is_ready: Probe


class Engine(Protocol):
    name: str

    def prepare(self, say: Say) -> None:
        """Install, fetch, format: everything before a start, again harmless. Raises Unprepared."""

    def members(self) -> tuple[Member, ...]:
        """The processes, in the order of starting."""
