"""Refusals in the reader's language: what people meet on a screen is translated."""

import ast
import re
from pathlib import Path

import pytest

from api.errors import TITLES
from api.said.language import known, said
from schema.input.word import ADDRESS, UNKNOWN, WORDS
from schema.role import Role
from tests.api.house import House

PROJECT = Path(__file__).parents[2]
ROOMS = ("api", "schema", "activities", "workflows")
# What students and staff meet in their screens: each of these modules' refusals has its German sentence.
SCREENS = (
    "api/access", "api/analytics", "api/corrections", "api/monitoring", "api/reservations", "api/users",
    "api/password.py",
    "api/token.py", "api/limit.py", "schema/aftermath", "schema/conduct.py", "schema/fence.py", "schema/given",
    "schema/reservation.py", "schema/ruling.py",
)  # fmt: skip
# For programs, and sentences that are made of others.
APART = re.compile(
    r"Content-Type|Idempotency-Key|text/csv|epoch|^\{\}|^the exam has ended; |, \{\}; both|A text message|first message"
    r"|message was not|slot_id|text/plain|field `file`|identity-photo|no evidence|not sealed"
)
# Whoever is named in them is put in by its name in English.
NAMED = re.compile(
    r"this (review )?is (decided|for)|there is no such \{\}|this review is about|at this attempt"
)


def template(node: ast.expr, constants: dict[str, str]) -> str:
    """The sentence with {} for what is set into it; empty where it is made elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return constants.get(node.id, "") if isinstance(node, ast.Name) else ""


def sentences(path: Path) -> set[str]:
    """Those of the refusals of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    named = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]
    constants = {
        node.targets[0].id: template(node.value, {})
        for node in named
        if isinstance(node.targets[0], ast.Name)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = {"Failure": 1, "IllegalMove": 0}.get(node.func.id)
            if place is not None and len(node.args) > place:
                found.add(template(node.args[place], constants))
    return found - {""}


def written() -> dict[str, set[str]]:
    paths = [path for room in ROOMS for path in (PROJECT / room).rglob("*.py")]
    return {path.relative_to(PROJECT).as_posix(): sentences(path) for path in paths}


def test_the_refusals_of_the_screens_have_their_sentences() -> None:
    found = {one for name, texts in written().items() if name.startswith(SCREENS) for one in texts}
    wanted = {one for one in found if not APART.search(one) and not NAMED.search(one)}

    assert sorted(wanted - set(known("de"))) == []


def test_each_word_for_a_field_has_its_sentence() -> None:
    words = {one for pair in (*WORDS.values(), UNKNOWN, ADDRESS) for one in pair}
    plain = {re.sub(r"\{\w+\}", "{}", one) for one in words}
    for_programs = re.compile(
        r"JSON|UTF-8|bytes|send (a|it|names)|PT2M|2026|kind|09:00|https|shape|list|true or false"
    )

    assert sorted(one for one in plain - set(known("de")) if not for_programs.search(one)) == []
    assert set(TITLES.values()) <= set(known("de"))


def test_holes_fit() -> None:
    assert {one: text for one, text in known("de").items() if one.count("{}") != text.count("{}")
            and not one.startswith(("this attempt has no frame", "there is no file"))} == {}  # fmt: skip


def test_a_sentence_with_something_set_into_it() -> None:
    told = said("all 3 seats of “Tides” are taken", "de")
    assert told == "all 3 seats of “Tides” are taken"  # not known: it stays
    assert said("line 7 has the same address", "de") == "Zeile 7 hat dieselbe Adresse"
    assert said("choose 3 or more", "de") == "wählen Sie mindestens 3"


@pytest.mark.parametrize(("accepted", "problem"), [("de-AT,en;q=0.5", "das fehlt"), ("", "this is missing")])
async def test_the_answer_is_in_the_language_that_was_asked_for(
    house: House, accepted: str, problem: str
) -> None:
    author = await house.person(Role.AUTHOR)
    headers = {**author.keyed(), "Accept-Language": accepted}
    answer = await house.client.post("/api/reservations/slots", json={}, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["problem"] == problem
