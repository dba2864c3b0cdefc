"""Workflow files import what they may and nothing else."""

import ast
import sys
from pathlib import Path

import pytest

from tests.workflows.worker import WORKFLOWS
from workers.runner import POLICY, workflow_runner

FOLDER = Path(__file__).parent.parent.parent / "workflows"
FILES = sorted(FOLDER.glob("*.py"))


def sandboxed(tree: ast.Module) -> set[int]:
    """Lines inside `with workflow.unsafe.imports_passed_through()`."""
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.With)]
    return {line for block in blocks for line in range(block.lineno, (block.end_lineno or 0) + 1)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_ours_is_passed_through_and_nothing_else_is_imported(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = sandboxed(tree) if path.stem != "options" else set(range(1, 1000))
    ours = {"schema", "activities", "workflows"}

    outside = [
        node.module.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.lineno not in inside
    ]
    passed = [
        node.module.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.lineno in inside
    ]

    assert set(outside) <= set(sys.stdlib_module_names) | {"temporalio"}
    assert set(passed) <= ours | ({"temporalio", "datetime"} if path.stem == "options" else set())


async def test_the_sandbox_takes_every_workflow() -> None:
    from temporalio import workflow

    runner = workflow_runner()
    for found in WORKFLOWS:
        definition = workflow._Definition.must_from_class(found)
        runner.prepare_workflow(definition)

    assert workflow.SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH in POLICY
