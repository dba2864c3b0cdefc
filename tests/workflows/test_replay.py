"""Recorded histories still replay, and the order of commands is what was reviewed (docs/versioning.md)."""

import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.workflows.fingerprint import fingerprint
from tests.workflows.recording import FINGERPRINTS, FOLDER, STORIES, tell
from tests.workflows.worker import WORKFLOWS
from workers.runner import workflow_runner

RECORDED = sorted(path for path in FOLDER.glob("*.json") if path != FINGERPRINTS)
# Told again on a live server: in these stories one thing follows another, so the order is the same each time.
SEQUENTIAL = ("expired", "cancelled")


def recorded(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))


def replayer() -> Replayer:
    return Replayer(
        workflows=WORKFLOWS, workflow_runner=workflow_runner(), data_converter=pydantic_data_converter
    )


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_recorded_history_replays(path: Path) -> None:
    result = await replayer().replay_workflow(recorded(path), raise_on_replay_failure=False)

    assert result.replay_failure is None


async def test_a_changed_order_is_noticed() -> None:
    path = FOLDER / "expired-attempt-1.json"
    changed = path.read_text(encoding="utf-8").replace('"release_seat"', '"another_activity"')

    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(WorkflowHistory.from_json(path.stem, changed))


def test_every_story_and_every_workflow_is_recorded() -> None:
    names = {path.stem for path in RECORDED}

    assert {name.split("-")[0] for name in names} == set(STORIES)
    assert {name.split("-")[1] for name in names} == {
        "attempt", "monitoring", "grading", "review", "retention", "cohort",
    }  # fmt: skip
    assert "appealed-attempt-2" in names


def test_fingerprints_are_those_of_the_recorded_histories() -> None:
    committed = json.loads(FINGERPRINTS.read_text(encoding="utf-8"))

    assert {path.stem: fingerprint(recorded(path)) for path in RECORDED} == committed


async def test_the_order_of_commands_is_what_was_reviewed(server: WorkflowEnvironment) -> None:
    committed = json.loads(FINGERPRINTS.read_text(encoding="utf-8"))

    told: dict[str, list[str]] = {}
    for name in SEQUENTIAL:
        told |= {of: fingerprint(history) for of, history in (await tell(server, name)).items()}

    attempts = {of: lines for of, lines in told.items() if "retention" not in of}
    assert attempts == {of: committed[of] for of in attempts}
    assert len(attempts) == len(SEQUENTIAL)


def test_no_history_names_a_machine() -> None:
    identities = {
        line.split('"')[3]
        for path in RECORDED
        for line in path.read_text(encoding="utf-8").replace(",", "\n").splitlines()
        if '"identity"' in line
    }

    assert identities == {"tests", "history-service"}
