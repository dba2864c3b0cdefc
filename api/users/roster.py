"""Reads a list of people from CSV (RFC 4180): every line becomes a wish or a complaint, and nothing is guessed."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from api.field import cut
from api.users.roster_column import RULES, Column, Values
from schema.failures import Failure, FailureType
from schema.model import Message

MOST_PEOPLE = 1_000
MOST_BYTES = 2**20
MOST_COLUMNS = 50  # also those of other programs, which are named as unknown
DELIMITERS = ",;\t"
KNOWN = ", ".join(Column)


class Complaint(Message):
    """What is wrong at a line, and what to do; `kind` is for programs, `column` is empty for a whole line."""

    line: int
    column: str
    kind: str
    problem: str
    advice: str


@dataclass(slots=True)
class Wish:
    """What one line says of one person; a value that is not there is to stay as it is."""

    line: int
    email: str
    values: Values = field(default_factory=dict)


@dataclass(slots=True)
class Roster:
    """What a file says, in its order; lines with a complaint have a wish too."""

    wishes: list[Wish] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    def complain(self, line: int, column: str, kind: str, problem: str, advice: str) -> None:
        """Note what is wrong."""
        self.complaints.append(Complaint(line=line, column=column, kind=kind, problem=problem, advice=advice))


def read_roster(data: bytes) -> Roster:
    """Raises INVALID for what is no UTF-8 and TOO_LARGE beyond 1 MiB or 1,000 people."""
    if len(data) > MOST_BYTES:
        raise Failure(FailureType.TOO_LARGE, f"the file is larger than {MOST_BYTES} bytes; import in parts")
    roster = Roster()
    lines = _lines(_text(data), roster)
    head = next(lines, None)
    columns = _columns(head, roster)
    if columns:
        _read_people(lines, columns, roster)
    return roster


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = f"line {line} is not UTF-8; in the spreadsheet, save it as CSV UTF-8 and send it again"
        raise Failure(FailureType.INVALID, said) from None


def _lines(text: str, roster: Roster) -> Iterator[tuple[int, list[str]]]:
    """Every line that is not empty, with the number it begins at."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        advice = "close the quotes, and write a quote within them twice"
        roster.complain(begins, "", "quotes", "the quotes of this line do not end as they should", advice)


def _columns(head: tuple[int, list[str]] | None, roster: Roster) -> list[Column | None]:
    if head is None:
        roster.complain(1, "", "empty", "there is nothing in it", f"begin with a line of columns: {KNOWN}")
        return []
    line, names = head
    if len(names) > MOST_COLUMNS:
        said = f"there are {len(names)} columns, and a list of people has at most {len(Column)}"
        roster.complain(line, "", "too_many_columns", said, f"use {KNOWN}")
        return []
    known: dict[str, Column] = {column.value: column for column in Column}
    columns = [known.get(name.lower().replace("-", "_").replace(" ", "_")) for name in names]
    for place, (name, column) in enumerate(zip(names, columns, strict=True)):
        if column is None and name:
            roster.complain(line, cut(name, 40), "unknown_column", "this column is not known", f"use {KNOWN}")
        elif column is not None and column in columns[:place]:
            roster.complain(line, column, "twice", "this column is there twice", "take one of them out")
    if Column.EMAIL not in columns:
        said = "there is no column with the addresses"
        roster.complain(line, Column.EMAIL, "no_email", said, "name the columns in the first line")
    return [] if roster.complaints else columns


def _read_people(
    lines: Iterator[tuple[int, list[str]]], columns: Sequence[Column | None], roster: Roster
) -> None:
    seen: dict[str, int] = {}
    for line, cells in lines:
        if len(roster.wishes) == MOST_PEOPLE:
            said = f"these are more than {MOST_PEOPLE} people; import them in parts"
            raise Failure(FailureType.TOO_LARGE, said)
        if any(cells[len(columns) :]):
            advice = "put a text with the separator in it in quotes"
            roster.complain(line, "", "too_many_cells", "there are more cells than columns", advice)
        texts = {
            column: cell for column, cell in zip(columns, cells, strict=False) if column is not None and cell
        }
        roster.wishes.append(_wish(line, texts, seen, roster))


def _wish(line: int, texts: Mapping[Column, str], seen: dict[str, int], roster: Roster) -> Wish:
    wish = Wish(line, texts.get(Column.EMAIL, "")[:254])
    if not wish.email:
        roster.complain(line, Column.EMAIL, "no_address", "there is no address", "add it, or delete the line")
    for column, text in texts.items():
        rule = RULES[column]
        try:
            wish.values[column] = rule.read(text)
        except ValueError:
            roster.complain(line, column, rule.kind, rule.problem, rule.advice)
    email = wish.values.get(Column.EMAIL)
    if email is not None:
        wish.email = str(email)
        first = seen.setdefault(wish.email, line)
        if first != line:
            said = f"line {first} has the same address"
            roster.complain(line, Column.EMAIL, "same_address", said, "take one of them out")
    return wish
