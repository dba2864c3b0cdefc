"""The columns of a list of people: how each cell is read, and what is said of one that cannot be."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from api.users.shape import (
    CohortName,
    DisplayName,
    Email,
    Factor,
    Language,
    Reason,
    StudentNumber,
    Zone,
)
from schema.role import Role


class Column(StrEnum):
    """The names in the first line."""

    EMAIL = "email"
    NAME = "name"
    ROLES = "roles"
    STUDENT_NUMBER = "student_number"
    COHORT = "cohort"
    TIME_FACTOR = "time_factor"
    TIME_FACTOR_REASON = "time_factor_reason"
    TIME_ZONE = "time_zone"
    LANGUAGE = "language"


Values = dict[Column, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """`read` raises ValueError for a cell that is none of these values."""

    read: Callable[[str], Any]
    kind: str
    problem: str
    advice: str


def _cell(kind: Any) -> Callable[[str], Any]:
    validate = TypeAdapter[Any](kind).validate_python

    def read(text: str) -> Any:
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            raise ValueError("a control character")
        return validate(text)

    return read


def _roles(text: str) -> frozenset[Role]:
    words = [word.lower() for word in re.split(r"[\s,;|]+", text) if word]
    if not words:
        raise ValueError("no word")
    return frozenset(Role(word) for word in words)


_factor = _cell(Factor)


def _decimal(text: str) -> Decimal:
    value: Decimal = _factor(text.replace(",", "."))
    return value


RULES = {
    Column.EMAIL: Rule(
        _cell(Email), "address", "this is not an e-mail address", "write it as name@example.org"
    ),
    Column.NAME: Rule(
        _cell(DisplayName),
        "name",
        "this is longer than 100 letters, or holds an address or characters that cannot be seen",
        "shorten it, or type the name anew",
    ),
    Column.ROLES: Rule(
        _roles, "roles", "not all of these are roles", f"write {', '.join(Role)}, with spaces between several"
    ),
    Column.STUDENT_NUMBER: Rule(
        _cell(StudentNumber),
        "student_number",
        "this is longer than 40 characters, or some cannot be seen",
        "shorten it",
    ),
    Column.COHORT: Rule(_cell(CohortName), "cohort", "this is longer than 100 characters", "shorten it"),
    Column.TIME_FACTOR: Rule(
        _decimal,
        "time_factor",
        "this is not a number from 1 to 5 with at most two decimals",
        "write 1.25 for a quarter more time, 1 for none",
    ),
    Column.TIME_FACTOR_REASON: Rule(
        _cell(Reason), "time_factor_reason", "this is longer than 500 characters", "shorten it"
    ),
    Column.TIME_ZONE: Rule(
        _cell(Zone),
        "time_zone",
        "there is no such time zone",
        "write one of the IANA database, such as Europe/Berlin",
    ),
    Column.LANGUAGE: Rule(
        _cell(Language), "language", "this is not the code of a language", "write en or de, say"
    ),
}
