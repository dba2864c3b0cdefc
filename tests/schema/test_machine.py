"""Every machine pair by pair: allowed for its actors, refused for everybody else; what is not final has an owner."""

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from schema.attempt import ATTEMPT, Phase, Verb
from schema.machine import ActorRole, IllegalMove, Machine
from schema.outcome import (
    INTEGRITY,
    MARKING,
    RELEASE,
    Integrity,
    IntegrityVerb,
    Marking,
    MarkingVerb,
    Release,
    ReleaseVerb,
)

MACHINES: list[tuple[Machine[Any, Any], type[StrEnum], type[StrEnum]]] = [
    (ATTEMPT, Phase, Verb),
    (MARKING, Marking, MarkingVerb),
    (INTEGRITY, Integrity, IntegrityVerb),
    (RELEASE, Release, ReleaseVerb),
]
each_machine = pytest.mark.parametrize(
    ("machine", "states", "verbs"), MACHINES, ids=[machine.name for machine, _, _ in MACHINES]
)


@each_machine
def test_pair_by_pair(machine: Machine[Any, Any], states: type[StrEnum], verbs: type[StrEnum]) -> None:
    table = {(move.source, move.verb): move for move in machine.moves}

    for state, verb, role in product(states, verbs, ActorRole):
        move = table.get((state, verb))
        if move is not None and role in move.actors:
            assert machine.target(state, verb, role) is move.target
        else:
            with pytest.raises(IllegalMove, match=machine.words[state]):
                machine.target(state, verb, role)


@each_machine
def test_every_state_that_is_not_final_has_an_owner(
    machine: Machine[Any, Any], states: type[StrEnum], verbs: type[StrEnum]
) -> None:
    assert set(machine.owners) == set(states) - machine.final
    assert all(machine.owners.values())


@each_machine
def test_every_state_that_is_not_final_can_be_left(
    machine: Machine[Any, Any], states: type[StrEnum], verbs: type[StrEnum]
) -> None:
    left = {move.source for move in machine.moves if move.target is not move.source}

    assert set(states) - machine.final <= left


@each_machine
def test_no_pair_stands_twice(
    machine: Machine[Any, Any], states: type[StrEnum], verbs: type[StrEnum]
) -> None:
    pairs = [(move.source, move.verb) for move in machine.moves]

    assert len(pairs) == len(set(pairs))


def test_a_refusal_says_what_is_possible() -> None:
    with pytest.raises(IllegalMove) as impossible:
        ATTEMPT.target(Phase.HELD, Verb.START, ActorRole.STUDENT)
    with pytest.raises(IllegalMove) as forbidden:
        ATTEMPT.target(Phase.HELD, Verb.CONFIRM, ActorRole.PROCTOR)
    with pytest.raises(IllegalMove) as final:
        ATTEMPT.target(Phase.EXPIRED, Verb.CONFIRM, ActorRole.STUDENT)

    assert impossible.value.facts["possible"] == ["cancel", "confirm", "expire", "return_time", "void"]
    assert "holds a seat that is not confirmed yet" in str(impossible.value)
    assert "this is for students only" in str(forbidden.value)
    assert final.value.facts["possible"] == []
