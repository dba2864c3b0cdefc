"""Reads a whole GIFT file: every question, or every problem by line. It never raises."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from uuid import UUID

from pydantic import ValidationError

from schema.exam import Question
from schema.gift.problem import Problem, Trouble
from schema.gift.question import read_question
from schema.gift.span import Source, Span
from schema.ids import new_id
from schema.input.word import words_for
from schema.model import Message

MOST_BYTES = 2**20
MOST_QUESTIONS = 1_000
MOST_PROBLEMS = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Lines = list[tuple[int, str]]


class Reading(Message):
    """Questions in the file's order; with any error there are none, so that a file is imported whole or not."""

    questions: tuple[Question, ...] = ()
    warnings: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()


def read_gift(data: bytes, points: Decimal = Decimal(1), new_id: Callable[[], UUID] = new_id) -> Reading:
    """Read a file (UTF-8, with or without a byte order mark, any line ends); each question gets `points`.

    The format is Moodle's, https://docs.moodle.org/en/GIFT_format: true/false, single and multiple choice,
    numeric, essay and missing word. Categories become warnings; other kinds are errors.
    """
    text = _decoded(data)
    if isinstance(text, Problem):
        return Reading(errors=(text,))
    lines = list(enumerate(re.split(r"\r\n|\r|\n", text), start=1))
    errors = _strange_characters(lines)
    if errors:
        return Reading(errors=tuple(errors[:MOST_PROBLEMS]))
    blocks = list(_blocks(lines))
    if len(blocks) > MOST_QUESTIONS:
        said = f"there are {len(blocks)} questions; import at most {MOST_QUESTIONS} at once"
        return Reading(errors=(Problem(line=blocks[MOST_QUESTIONS][0][0], column=1, message=said),))
    return _read(blocks, _categories(lines), points, new_id)


def _read(
    blocks: list[Lines], warnings: list[Problem], points: Decimal, new_id: Callable[[], UUID]
) -> Reading:
    questions: list[Question] = []
    errors: list[Problem] = []
    for block in blocks:
        span = Span.whole(Source.of(block))
        try:
            questions.append(read_question(span, points, new_id))
        except Trouble as trouble:
            errors.append(trouble.problem)
        except ValidationError as error:
            errors.append(Trouble(span, f"the question breaks a limit: {_first(error)}").problem)
    if not blocks:
        errors.append(Problem(line=1, column=1, message="the file has no question"))
    if errors:
        return Reading(warnings=tuple(warnings[:MOST_PROBLEMS]), errors=tuple(errors[:MOST_PROBLEMS]))
    return Reading(questions=tuple(questions), warnings=tuple(warnings[:MOST_PROBLEMS]))


def _decoded(data: bytes) -> str | Problem:
    if len(data) > MOST_BYTES:
        said = f"the file has {len(data)} bytes; import at most {MOST_BYTES} at once"
        return Problem(line=1, column=1, message=said)
    if data.startswith(_UTF16):
        return Problem(line=1, column=1, message="the file is UTF-16; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        said = f"the byte 0x{error.object[error.start]:02X} is not UTF-8; save the file as UTF-8"
        line = before.count("\n") + 1
        return Problem(line=line, column=len(before) - before.rfind("\n"), message=said)


def _strange_characters(lines: Lines) -> list[Problem]:
    return [
        Problem(
            line=number,
            column=found.start() + 1,
            message=f"control character U+{ord(found[0]):04X}; remove it",
        )
        for number, line in lines
        if (found := _CONTROL.search(line))
    ]


def _blocks(lines: Lines) -> Iterator[Lines]:
    """Runs of lines between empty ones, without comments and categories."""
    block: Lines = []
    for number, line in [*lines, (0, "")]:
        if _is_category(line) or not line.strip():
            if block:
                yield block
            block = []
        elif not line.lstrip().startswith("//"):
            block.append((number, line))


def _is_category(line: str) -> bool:
    return line.lstrip().startswith("$CATEGORY:")


def _categories(lines: Lines) -> list[Problem]:
    said = "categories are not kept; all questions go into the section you import into"
    return [Problem(line=number, column=1, message=said) for number, line in lines if _is_category(line)]


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)[0]
    problem, advice = words_for(found["type"], found.get("ctx", {}))
    return f"{'/'.join(str(part) for part in found['loc'])}: {problem}; {advice}"
