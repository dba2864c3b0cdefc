"""Which node a connection goes to."""

from datetime import timedelta

import pytest

from schema.db.engine import nodes_for, urls_of
from schema.db.node import REST, RETURN_AFTER, Node, Nodes
from schema.db.schemas import METADATA

ONE, TWO, THREE = (Node("db", port) for port in (1, 2, 3))
LONG = RETURN_AFTER + timedelta(seconds=1)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_that_failed_rests_and_comes_back_in_its_turn() -> None:
    clock = Clock()
    nodes = Nodes([ONE, TWO, THREE], clock)

    nodes.failed(ONE)
    at_once = nodes.in_turn()
    clock.now = REST.total_seconds() + 1

    assert at_once == (TWO, THREE)
    assert nodes.in_turn() == (ONE, TWO, THREE)


def test_when_all_rest_all_are_tried() -> None:
    nodes = Nodes([ONE, TWO], Clock())

    nodes.failed(ONE)
    nodes.failed(TWO)

    assert nodes.in_turn() == (ONE, TWO)


def test_one_that_answers_rests_no_more() -> None:
    nodes = Nodes([ONE, TWO], Clock())

    nodes.failed(ONE)
    nodes.answered(ONE)

    assert nodes.in_turn() == (ONE, TWO)


def test_connections_return_to_the_preferred_one_in_time() -> None:
    nodes = Nodes([ONE, TWO], Clock())

    assert nodes.is_left_for_better(TWO, LONG)
    assert not nodes.is_left_for_better(TWO, timedelta(seconds=1))
    assert not nodes.is_left_for_better(ONE, LONG)
    nodes.failed(ONE)
    assert not nodes.is_left_for_better(TWO, LONG)


@pytest.mark.parametrize("prefix", ["proctorwise_", "trial_7_"])
def test_the_schemas_share_the_nodes_evenly_and_every_process_agrees(prefix: str) -> None:
    preferred = [
        nodes_for(urls_of(f"mysql+aiomysql://a:b@db:1,db:2,db:3/{prefix}{schema}")).preferred
        for schema in METADATA
    ]

    assert preferred == [ONE, TWO, THREE, ONE, TWO, THREE]
