"""Question text as HTML, made once when a version is published, within a budget and never on the event loop."""

import asyncio
import hashlib
import html
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from api.field import cut
from api.markup import line_of, render
from schema.db.insertion import insert_once
from schema.db.session import Database
from schema.db.tables.rendering import ExamRendering
from schema.exam import Exam, Question
from schema.policy_check import Complaint

ROOT = Path(__file__).parent.parent
BUDGET_SECONDS = 10  # of processor time for all texts of a version
PATIENCE_SECONDS = 120.0  # however busy the machine is
MOST_CHARACTERS = 5_000  # what a thread renders in a fifth of a second at worst; more is rendered apart
LARGEST_HTML = 400_000  # characters of one text
LARGEST_VERSION = 8_000_000

TOO_COSTLY = "this text takes too long, or too much, to be shown; simplify its brackets, lists and tables"


class Rendered:
    """Texts by what they are; a text that could not be rendered shows as it was written."""

    def __init__(self, found: Mapping[str, str], too_costly: Collection[str] = ()) -> None:
        self._found = found
        self.too_costly = frozenset(too_costly)

    def block(self, text: str) -> str:
        """Blocks of safe HTML."""
        made = self._found.get(_key(text))
        return f"<pre>{html.escape(text)}</pre>" if made is None else made

    def line(self, text: str) -> str:
        """For use inside a label."""
        return line_of(self.block(text))

    def as_document(self) -> dict[str, str]:
        """As it is stored."""
        return dict(self._found)


async def rendered(texts: Iterable[str], budget: int = BUDGET_SECONDS) -> Rendered:
    """These texts, as far as the budget goes: in a thread where they are short, else in a process of their own."""
    distinct = sorted({text for text in texts if text}, key=len)
    if sum(map(len, distinct)) <= MOST_CHARACTERS:
        made = await asyncio.to_thread(lambda: [render(text) for text in distinct])
    else:
        made = await _apart(distinct, budget)
    found: dict[str, str] = {}
    too_costly = list(distinct[len(made) : len(made) + 1])  # what it was at when the budget was used up
    size = 0
    for text, shown in zip(distinct, made, strict=False):
        size += len(shown)
        if len(shown) <= LARGEST_HTML and size <= LARGEST_VERSION:
            found[_key(text)] = shown
        else:
            too_costly.append(text)
    return Rendered(found, too_costly)


async def rendered_version(reservations: Database, exam: Exam) -> Rendered:
    """What was rendered when this version was published; a version from before that is rendered now, and kept."""
    async with reservations.read() as session:
        row = await session.get(ExamRendering, (exam.exam_id, exam.version))
        if row is not None:
            return Rendered(row.html)
    made = await rendered(text for _, text in texts_of(exam))
    if exam.is_published:
        await reservations.run(lambda session: keep(session, exam, made))
    return made


async def keep(session: AsyncSession, exam: Exam, made: Rendered) -> None:
    """Store what a version looks like; once is enough."""
    row = ExamRendering(exam_id=exam.exam_id, version=exam.version, html=made.as_document())
    if await session.get(ExamRendering, (exam.exam_id, exam.version)) is None:
        await insert_once(session, row)


def unshown(exam: Exam, made: Rendered) -> Iterator[Complaint]:
    """Texts that were too costly, by JSON pointer, with the question's name."""
    for pointer, text in texts_of(exam):
        if text in made.too_costly:
            yield pointer, f"{_name_at(exam, pointer)}{TOO_COSTLY}"


def _name_at(exam: Exam, pointer: str) -> str:
    _, *path = pointer.split("/")
    if path[0] != "sections":
        return ""
    i, j = int(path[1]), int(path[3])
    question = exam.sections[i].questions[j]
    return f"question {j + 1} of section {i + 1}, “{cut(question.title or question.text, 60)}”: "


def texts_of(exam: Exam) -> Iterator[tuple[str, str]]:
    """(pointer, Markdown) of everything that is ever shown of an exam."""
    yield "/instructions", exam.instructions
    for i, section in enumerate(exam.sections):
        for j, question in enumerate(section.questions):
            yield from texts_of_question(question, f"/sections/{i}/questions/{j}")


def texts_of_question(question: Question, pointer: str = "") -> Iterator[tuple[str, str]]:
    """(pointer, Markdown) of a question, its options, rubric and feedback, whatever its kind."""
    yield from _below(question.model_dump(exclude={"title", "question_id"}), pointer)


def _below(value: object, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                if name == "text" or name.startswith("feedback"):
                    yield f"{pointer}/{name}", inner
            else:
                yield from _below(inner, f"{pointer}/{name}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _below(inner, f"{pointer}/{place}")


async def _apart(texts: Sequence[str], budget: int) -> list[str]:
    """As many as a process of its own renders within the budget; the kernel ends it beyond."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "api.render_child",
        str(budget),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            said, _ = await child.communicate(json.dumps(texts).encode())
    except TimeoutError:
        said = b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    # A line that was cut off is none.
    return [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith(b"\n")]


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
