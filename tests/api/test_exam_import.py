"""Importing questions through HTTP: all of them or none, once, and every problem by line."""

from pathlib import Path
from typing import Any

import httpx

from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_exam import EXAMS, create, draft, publish

DATA = Path(__file__).parent.parent / "exam" / "data"
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


async def send(
    house: House, author: Someone, exam: dict[str, Any], data: bytes, key: str | None = None, **params: str
) -> httpx.Response:
    headers = {**author.keyed(key), **TEXT}
    return await house.client.post(
        f"{EXAMS}/{exam['exam_id']}/import", content=data, headers=headers, params=params
    )


async def stored(house: House, author: Someone, exam: dict[str, Any]) -> dict[str, Any]:
    answer = await house.client.get(f"{EXAMS}/{exam['exam_id']}", headers=author.headers)
    found: dict[str, Any] = answer.json()
    return found


async def test_a_file_becomes_a_section(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author, draft(sections=[]))

    answer = await send(
        house, author, exam, (DATA / "networks.gift").read_bytes(), section_title="Part A", points="1.5"
    )

    assert answer.status_code == 201, answer.text
    result = answer.json()
    assert result["version"] == 2
    assert [(warning["line"], warning["column"]) for warning in result["warnings"]] == [(3, 1)]
    (section,) = (await stored(house, author, exam))["sections"]
    assert (section["section_id"], section["title"]) == (result["section_id"], "Part A")
    assert [question["question_id"] for question in section["questions"]] == result["question_ids"]
    assert {question["points"] for question in section["questions"]} == {"1.5"}


async def test_a_form_works_as_well_and_into_a_section_that_is_there(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)
    section_id = exam["sections"][0]["section_id"]

    answer = await house.client.post(
        f"{EXAMS}/{exam['exam_id']}/import?section_id={section_id}",
        files={"file": ("questions.gift", b"\xef\xbb\xbfOne? {T}\r\n\r\nTwo? {F}")},
        headers=author.keyed(),
    )

    assert answer.status_code == 201, answer.text
    (section,) = (await stored(house, author, exam))["sections"]
    assert [question["text"] for question in section["questions"]] == ["Is **it**?", "Which?", "One?", "Two?"]


async def test_a_file_with_errors_stores_nothing_and_names_each_line(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)

    answer = await send(house, author, exam, (DATA / "broken.gift").read_bytes())

    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert len(problem["errors"]) == 15
    assert problem["errors"][4] == {
        "line": 11,
        "column": 1,
        "message": "the title that begins with :: does not end; write ::title:: before the question",
    }
    assert await stored(house, author, exam) == exam


async def test_the_same_import_sent_again_is_one(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author, draft(sections=[]))

    first = await send(house, author, exam, b"One? {T}", key="import-number-one")
    second = await send(house, author, exam, b"One? {T}", key="import-number-one")
    other = await send(house, author, exam, b"Two? {T}", key="import-number-one")

    assert first.json() == second.json()
    assert other.status_code == 422
    assert len((await stored(house, author, exam))["sections"]) == 1


async def test_importing_into_a_published_exam_makes_a_draft_of_its_next_version(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)
    await publish(house, author, exam)

    await send(house, author, exam, b"One? {T}")

    found = await stored(house, author, exam)
    assert (found["version"], found["is_published"], len(found["sections"])) == (2, False, 2)


async def test_bad_requests_get_clear_answers(house: House) -> None:
    author, other = await house.person(Role.AUTHOR), await house.person(Role.AUTHOR)
    exam = await create(house, author)
    path = f"{EXAMS}/{exam['exam_id']}/import"
    unknown = "0190a000-0000-7000-8000-000000000001"

    async def status(headers: dict[str, str], **request: Any) -> int:
        return (await house.client.post(path, headers={**author.keyed(), **headers}, **request)).status_code

    assert (await send(house, other, exam, b"One? {T}")).status_code == 404
    assert (await send(house, author, {"exam_id": unknown}, b"One? {T}")).status_code == 404
    assert (await send(house, author, exam, b"One? {T}", section_id=unknown)).status_code == 404
    assert (await send(house, author, exam, b"One? {T}", points="-1")).status_code == 422
    assert (await send(house, author, exam, b"")).status_code == 422
    assert (await send(house, author, exam, b"\xff\xfe\x00")).status_code == 422
    assert (await send(house, author, exam, b"Q {T}\n\n" * 400_000)).status_code == 413
    assert await status({"Content-Type": "application/pdf"}, content=b"%PDF") == 415
    assert await status({"Content-Type": "multipart/form-data"}, content=b"no boundary") == 422
    assert await status({}, files={"other": ("x.gift", b"One? {T}")}) == 422
    assert await stored(house, author, exam) == exam
