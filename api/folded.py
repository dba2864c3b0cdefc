"""Conditions on what searches compare: folded on both sides, so that case, accents and the database do not matter."""

from sqlalchemy import ColumnElement, func

from schema.db.tables.reservations import ExamRow
from schema.db.tables.users import Person
from schema.search.folding import fold


def words_of(asked: str) -> list[str]:
    """The words to look for, folded; where nothing but accents was typed, the text itself, which nobody has."""
    return fold(asked).split() or asked.split()


def holds_person(word: str) -> ColumnElement[bool]:
    """Whether name, address or number hold the folded word."""
    plain = func.lower(Person.display_name) + "\n" + Person.email  # written by an earlier version meanwhile
    return func.coalesce(Person.folded, plain).contains(word, autoescape=True)


def holds_title(word: str) -> ColumnElement[bool]:
    """Whether an exam's title holds the folded word."""
    return func.coalesce(ExamRow.folded_title, func.lower(ExamRow.title)).contains(word, autoescape=True)
