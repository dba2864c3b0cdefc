"""Texts are rendered once, at publishing, in a budget and apart from the event loop; what is too costly is named."""

import ast
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import update

from api.rendering import rendered, rendered_version
from schema.db.tables.rendering import ExamRendering
from schema.exam import Exam
from schema.role import Role
from tests.api.house import House, Someone

EXAMS = "/api/reservations/exams"
WIDE_TABLE = "|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n" + "a\n" * 6_000


def draft(text: str) -> dict[str, Any]:
    options = [{"key": "a", "text": "*yes*", "fraction": "1"}, {"key": "b", "text": "no"}]
    one = {
        "kind": "single_choice",
        "title": "Colours",
        "text": text,
        "options": options,
        "feedback": "_Well_",
    }
    return {
        "title": "Physics",
        "instructions": "**Quiet**",
        "sections": [{"title": "One", "questions": [one]}],
    }


async def published(house: House, author: Someone, text: str) -> tuple[int, dict[str, Any]]:
    made = await house.client.post(EXAMS, json=draft(text), headers=author.keyed())
    exam = made.json()
    answer = await house.client.post(
        f"{EXAMS}/{exam['exam_id']}/publish", headers={**author.headers, "If-Match": made.headers["ETag"]}
    )
    return answer.status_code, answer.json()


async def test_a_published_version_is_rendered_once(house: House) -> None:
    status, content = await published(house, await house.person(Role.AUTHOR), "Is it **blue**?")
    exam, database = Exam.model_validate(content), house.context.databases.reservations

    first = await rendered_version(database, exam)
    mark = dict.fromkeys(first.as_document(), "<p>from the store</p>")
    await database.run(lambda session: session.execute(update(ExamRendering).values(html=mark)))
    second = await rendered_version(database, exam)

    assert status == 200
    assert first.block("Is it **blue**?") == "<p>Is it <strong>blue</strong>?</p>"
    assert (first.line("*yes*"), first.block("_Well_")) == ("<em>yes</em>", "<p><em>Well</em></p>")
    assert first.block("**Quiet**") == "<p><strong>Quiet</strong></p>"
    assert second.block("**Quiet**") == "<p>from the store</p>"


async def test_a_text_that_is_too_costly_is_refused_with_the_questions_name(house: House) -> None:
    author = await house.person(Role.AUTHOR)

    status, problem = await published(house, author, WIDE_TABLE)

    (error,) = problem["errors"]
    assert status == 422
    assert error["pointer"] == "/sections/0/questions/0/text"
    assert "question 1 of section 1, “Colours”" in error["problem"]
    preview = await house.client.post(
        "/api/reservations/questions/preview",
        json={
            "question": draft(WIDE_TABLE)["sections"][0]["questions"][0] | {"question_id": str(UUID(int=1))}
        },
        headers=author.headers,
    )
    assert preview.status_code == 200
    assert len(preview.text) < 100_000


async def test_beyond_the_budget_rendering_ends_and_says_at_what() -> None:
    many = [f"{WIDE_TABLE}{number}" for number in range(60)]

    made = await rendered(["short", *many], budget=1)

    assert made.block("short") == "<p>short</p>"
    assert any(text in made.too_costly for text in many)
    assert len(made.as_document()) < len(many)


async def test_a_version_from_before_is_rendered_when_it_is_asked_for(house: House) -> None:
    exam = await house.exam()

    made = await rendered_version(house.context.databases.reservations, exam)
    async with house.context.databases.reservations.read() as session:
        stored = await session.get_one(ExamRendering, (exam.exam_id, exam.version))

    assert stored.html == made.as_document()


async def test_what_could_not_be_rendered_shows_as_it_was_written() -> None:
    made = await rendered([])

    assert made.block("<script>*a*") == "<pre>&lt;script&gt;*a*</pre>"


def test_nothing_else_renders() -> None:
    """So nothing renders on the event loop: the one module does it in a thread or in a process of its own."""
    importing = set()
    for path in (Path(__file__).parents[2] / "api").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "api.markup":
                importing.add(path.name)

    assert importing == {"rendering.py", "render_child.py"}
