"""A state machine as a table of allowed moves, each naming its actors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from schema.said import people

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

    `facts` belong to it, by name: instants, for only a screen knows the reader's zone, and what the machine itself
    calls its state, what is possible in it, and who may do what was asked.
    """

    def __init__(self, message: str, **facts: datetime | str | list[str]) -> None:
        super().__init__(message)
        self.facts: dict[str, Any] = {
            name: fact.isoformat() if isinstance(fact, datetime) else fact for name, fact in facts.items()
        }


@dataclass(frozen=True, slots=True)
class Move(Generic[S, V]):
    """From `source` by `verb` to `target`, for these actors only."""

    source: S
    verb: V
    target: S
    actors: frozenset[ActorRole]


class Machine(Generic[S, V]):
    """A named table of moves. `owners` says for each non-final state who or what moves it on, `words` what it means."""

    def __init__(
        self,
        name: str,
        moves: Sequence[Move[S, V]],
        final: frozenset[S],
        owners: dict[S, str],
        words: Mapping[str, str],
    ) -> None:
        self.name = name
        self.words = words
        self.moves = tuple(moves)
        self.final = final
        self.owners = owners
        self._table = {(move.source, move.verb): move for move in moves}

    def move(self, source: S, verb: V, actor: ActorRole) -> Move[S, V]:
        """The allowed move, or IllegalMove with the reason."""
        found = self._table.get((source, verb))
        facts = {"machine": self.name, "state": str(source), "verb": str(verb)}
        if found is None:
            allowed = sorted(str(m.verb) for m in self.moves if m.source is source)
            raise IllegalMove(f"{self.words[source]}; this cannot be done now", **facts, possible=allowed)
        if actor not in found.actors:
            who = people(found.actors)
            raise IllegalMove(
                f"{self.words[source]}; this is for {who} only",
                **facts,
                actors=sorted(map(str, found.actors)),
            )
        return found

    def target(self, source: S, verb: V, actor: ActorRole) -> S:
        """The state that `verb` by `actor` leads to, or IllegalMove."""
        return self.move(source, verb, actor).target


def actors(*roles: ActorRole) -> frozenset[ActorRole]:
    """A readable way to write a set of actors in a table."""
    return frozenset(roles)
