"""A state machine as a table of allowed moves, each naming its actors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
V = TypeVar("V", bound=StrEnum)


class ActorRole(StrEnum):
    """Who may move a machine: the six roles of people, the system itself and its timers."""

    STUDENT = "student"
    PROCTOR = "proctor"
    GRADER = "grader"
    REVIEWER = "reviewer"
    AUTHOR = "author"
    ADMIN = "admin"
    SYSTEM = "system"
    TIMER = "timer"


class IllegalMove(Exception):
    """The table has no such move; the message says what is allowed instead.

    `moments` are instants that belong to it, by name: sentences hold none, for only a screen knows the reader's zone.
    """

    def __init__(self, message: str, **moments: datetime) -> None:
        super().__init__(message)
        self.moments = {name: moment.isoformat() for name, moment in moments.items()}


@dataclass(frozen=True, slots=True)
class Move(Generic[S, V]):
    """From `source` by `verb` to `target`, for these actors only."""

    source: S
    verb: V
    target: S
    actors: frozenset[ActorRole]


class Machine(Generic[S, V]):
    """A named table of moves. `owners` says for each non-final state who or what moves it on."""

    def __init__(
        self, name: str, moves: Sequence[Move[S, V]], final: frozenset[S], owners: dict[S, str]
    ) -> None:
        self.name = name
        self.moves = tuple(moves)
        self.final = final
        self.owners = owners
        self._table = {(move.source, move.verb): move for move in moves}

    def move(self, source: S, verb: V, actor: ActorRole) -> Move[S, V]:
        """The allowed move, or IllegalMove with the reason."""
        found = self._table.get((source, verb))
        if found is None:
            allowed = (
                ", ".join(sorted(m.verb for m in self.moves if m.source is source)) or "nothing: it is final"
            )
            raise IllegalMove(f"{self.name} is {source}: {verb} is not possible now; possible: {allowed}")
        if actor not in found.actors:
            who = ", ".join(sorted(found.actors))
            raise IllegalMove(f"{self.name} is {source}: {verb} is for {who}, not for {actor}")
        return found

    def target(self, source: S, verb: V, actor: ActorRole) -> S:
        """The state that `verb` by `actor` leads to, or IllegalMove."""
        return self.move(source, verb, actor).target


def actors(*roles: ActorRole) -> frozenset[ActorRole]:
    """A readable way to write a set of actors in a table."""
    return frozenset(roles)
