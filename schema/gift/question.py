"""One question of a GIFT file: title, text with its format, and the answer block that decides its kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from schema.exam import Question
from schema.gift.answer import Head, read_answer
from schema.gift.markup import Markup, blank, marked, to_markdown
from schema.gift.piece import feedback_of
from schema.gift.problem import Trouble
from schema.gift.span import Span

TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Parts:
    """The spans of a question; `tail` is what follows the braces (the sentence around a missing word)."""

    title: Span | None
    lead: Span
    answer: Span
    tail: Span


def read_question(span: Span, points: Decimal, new_id: Callable[[], UUID]) -> Question:
    """The question. Raises Trouble, or pydantic's ValidationError when a limit of our shapes is broken."""
    parts = _parts(span.strip())
    markup, lead = marked(parts.lead)
    answer, general = parts.answer.cut("####")
    head = Head(
        question_id=new_id(),
        title=_title(parts.title),
        text=_text(lead, parts.tail, markup, span),
        points=points,
        feedback=feedback_of(general, markup),
    )
    return read_answer(answer.strip(), head, markup)


def _parts(span: Span) -> Parts:
    title, rest = _titled(span)
    opening, closing = rest.find("{"), rest.find("}")
    if closing is not None and (opening is None or closing < opening):
        raise Trouble(rest.source.place(closing), "this } closes nothing; write \\} for the character itself")
    if opening is None:
        said = "there is no answer block, and descriptions are not imported; write {} for an essay, or the answers"
        raise Trouble(span, said)
    if closing is None:
        said = "this { is not closed; end the answers with } and leave no empty line between, or write \\{"
        raise Trouble(rest.source.place(opening), said)
    answer = Span(rest.source, opening + 1, closing)
    tail = rest.after(closing + 1)
    _no_more_braces(answer, tail)
    return Parts(title, rest.before(opening), answer, tail)


def _titled(span: Span) -> tuple[Span | None, Span]:
    if not span.raw.startswith("::"):
        return None, span
    title, rest = span.after(span.start + 2).cut("::")
    if rest is None:
        raise Trouble(span, "the title that begins with :: does not end; write ::title:: before the question")
    return title.strip(), rest


def _no_more_braces(answer: Span, tail: Span) -> None:
    inner = answer.find("{")
    if inner is not None:
        raise Trouble(
            answer.source.place(inner), "this { stands inside the answers; write \\{ for the character itself"
        )
    for brace in "{}":
        offset = tail.find(brace)
        if offset is not None:
            said = f"this {brace} comes after the answers; put an empty line between questions, or write \\{brace}"
            raise Trouble(tail.source.place(offset), said)


def _title(span: Span | None) -> str:
    if span is None:
        return ""
    title = " ".join(span.text.split())
    if len(title) > TITLE_LENGTH:
        raise Trouble(span, f"the title has {len(title)} characters; use at most {TITLE_LENGTH}")
    return title


def _text(lead: Span, tail: Span, markup: Markup, whole: Span) -> str:
    words, after = lead.text.strip(), tail.text.rstrip()
    if after.strip():
        before = f"{words} " if words else ""
        words = f"{before}{blank(markup)}{_spaced(after)}"
    if not words:
        raise Trouble(whole, "the question has no text; write it before the answer block")
    return to_markdown(words, markup)


def _spaced(after: str) -> str:
    return re.sub(r"^\s+", " ", after)
