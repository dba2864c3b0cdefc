"""What people read names things as they know them: no id and no instant stands in the sentence of a refusal."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
ROOMS = ("api", "schema", "activities", "workflows")
REFUSALS = {"Failure", "IllegalMove", "Trouble"}
UNREADABLE = re.compile(r"(_ids?\b|\.id\b|isoformat|^str\(\w+_id\))")
INSTANT = re.compile(r"%[HFTYdmj]")
# Read by operators in a log, in Temporal's web UI or on a command line, where the id is what they look for.
FOR_OPERATORS = {
    "activities/courier.py": "why a mail waits, in the outbox of operators",
    "activities/adapters/temporal.py": "workflows are looked for by id",
    "activities/adapters/temporal_recovery.py": "a query for workflows",
    "activities/adapters/temporal_runs.py": "summaries in Temporal's web UI",
    "schema/orphan.py": "a run that is told, in Temporal, that another went on",
    "activities/adapters/template/writer.py": "an address that cannot be written to, in Temporal",
    "workflows/review.py": "current details in Temporal's web UI",
}


def modules() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((PROJECT / room).rglob("*.py")):
            name = path.relative_to(PROJECT).as_posix()
            if name not in FOR_OPERATORS and not name.startswith(("api/demo/", "schema/db/migrations/")):
                yield path


def refuses(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Name) and node.id in REFUSALS for node in ast.walk(tree))


def is_sentence(text: ast.JoinedStr) -> bool:
    words = "".join(str(part.value) for part in text.values if isinstance(part, ast.Constant))
    return " " in words and any(letter.isalpha() for letter in words) and "filename=" not in words


def strangers(text: ast.JoinedStr) -> list[str]:
    """What is set into a sentence and means nothing to a person, or is in no time zone of theirs."""
    parts = [part for part in text.values if isinstance(part, ast.FormattedValue)]
    return [
        ast.unparse(part.value)
        for part in parts
        if UNREADABLE.search(ast.unparse(part.value))
        or (part.format_spec is not None and INSTANT.search(ast.unparse(part.format_spec)))
    ]


def found_in(source: str) -> list[str]:
    tree = ast.parse(source)
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and is_sentence(node)]
    return [name for text in texts for name in strangers(text)] if refuses(tree) else []


def test_no_refusal_holds_an_id_or_an_instant() -> None:
    found = {path.relative_to(PROJECT).as_posix(): found_in(path.read_text()) for path in modules()}

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('f"there is no exam {exam_id}; check it"', ["exam_id"]),
        ('f"attempt {row.attempt_id} is over"', ["row.attempt_id"]),
        ('f"it began at {now.isoformat()}"', ["now.isoformat()"]),
        ('f"it expired at {now:%H:%M} UTC"', ["now"]),
        ('f"all {slot.seats} seats are taken"', []),
        ('f"attempt:{attempt_id}"', []),
    ],
)
def test_the_check_finds_them(line: str, what: list[str]) -> None:
    assert found_in(f"raise Failure({line})") == what


def test_every_exception_is_still_one() -> None:
    assert all(found_in((PROJECT / name).read_text()) for name in FOR_OPERATORS)
