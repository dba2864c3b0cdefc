"""The README says nothing that is not so: its picture is the table, its links and commands exist."""

import re
from pathlib import Path

from schema.attempt import ATTEMPT, Verb

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_picture_of_an_attempt_is_its_table() -> None:
    drawn = set(re.findall(r"^ +(\w+) --> (\w+): (\w+)$", README, flags=re.MULTILINE))

    assert drawn == {
        (str(move.source), str(move.target), str(move.verb))
        for move in ATTEMPT.moves
        if move.source is not move.target and move.verb is not Verb.VOID
    }


def test_every_relative_link_leads_somewhere() -> None:
    links = [
        (document, link)
        for document in DOCUMENTS
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
        if not link.startswith("http")
    ]

    assert [
        f"{document.name}: {link}" for document, link in links if not (document.parent / link).exists()
    ] == []


def test_every_make_target_named_exists() -> None:
    targets = set(
        re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    named = {
        target
        for document in DOCUMENTS
        for target in re.findall(
            r"(?:`|^)make ([a-z0-9-]+)", document.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    }

    assert named <= targets, sorted(named - targets)


def test_every_setting_named_exists() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    settings = set(re.findall(r"^([A-Z][A-Z0-9_]*)=", example, flags=re.MULTILINE))
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=\w+)?`", README))

    assert named <= settings, sorted(named - settings)
