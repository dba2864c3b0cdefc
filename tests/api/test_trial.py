"""An author tries an exam out: a question's preview while it is written, and the automatic marks of own answers."""

from typing import Any

import httpx

from schema.role import Role
from tests.api.house import House, Someone
from tests.api.test_exam import CHOICE, EXAMS, TRUE_FALSE, create, draft

ESSAY = {
    "kind": "essay",
    "text": "Why?",
    "points": "3",
    "rubric": [{"key": "a", "text": "A reason", "points": "3"}],
}
PREVIEW = "/api/reservations/questions/preview"


async def attempt(
    house: House, author: Someone, exam: dict[str, Any], answers: dict[str, Any]
) -> httpx.Response:
    path = f"{EXAMS}/{exam['exam_id']}/trial"
    return await house.client.post(path, json={"answers": answers}, headers=author.headers)


async def test_a_question_is_previewed_before_it_is_stored(house: House) -> None:
    author = await house.person(Role.AUTHOR)

    answer = await house.client.post(PREVIEW, json={"question": CHOICE}, headers=author.headers)

    shown = answer.json()
    assert (answer.status_code, shown["html"].strip(), shown["kind"]) == (
        200,
        "<p>Which?</p>",
        "single_choice",
    )
    assert [option["key"] for option in shown["options"]] == ["a", "b", "c"]
    assert "fraction" not in answer.text


async def test_what_is_wrong_with_a_question_is_named_by_field(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    wrong = {**CHOICE, "text": "", "points": "-1"}

    answer = await house.client.post(PREVIEW, json={"question": wrong}, headers=author.headers)

    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/question/text", "/question/points"}


async def test_scripts_do_not_survive_a_preview(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    question = {**TRUE_FALSE, "text": "Is <script>alert(1)</script> it?"}

    answer = await house.client.post(PREVIEW, json={"question": question}, headers=author.headers)

    assert "<script" not in answer.json()["html"]


async def test_a_trial_is_marked_like_an_attempt_and_leaves_essays_to_graders(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author, draft(TRUE_FALSE, CHOICE, ESSAY))
    ids = [question["question_id"] for question in exam["sections"][0]["questions"]]
    answers = {
        ids[0]: {"kind": "truth", "value": True},
        ids[1]: {"kind": "choice", "chosen": ["b"]},
        ids[2]: {"kind": "text", "text": "Because."},
    }

    result = (await attempt(house, author, exam, answers)).json()

    assert (result["earned"], result["awaited"], result["points"]) == ("1.000", "3", "6")
    assert [item["earned"] for item in result["items"]] == ["1.000", "0.000", None]
    assert result["items"][0]["feedback_html"] == ["<p>Yes.</p>"]
    assert "You chose “B”. Right: “A”." in result["items"][1]["explanation"]


async def test_nothing_answered_earns_nothing(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)

    result = (await attempt(house, author, exam, {})).json()

    assert [item["explanation"].split(".")[0] for item in result["items"]] == ["Not answered"] * 2


async def test_an_answer_of_the_wrong_kind_is_named(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)
    question_id = exam["sections"][0]["questions"][0]["question_id"]

    answer = await attempt(house, author, exam, {question_id: {"kind": "text", "text": "yes"}})

    assert (answer.status_code, answer.json()["pointer"]) == (422, f"/answers/{question_id}/kind")


async def test_only_its_author_and_admins_try_an_exam(house: House) -> None:
    author, other = await house.person(Role.AUTHOR), await house.person(Role.AUTHOR)
    student, admin = await house.person(Role.STUDENT), await house.person(Role.ADMIN)
    exam = await create(house, author)

    statuses = [(await attempt(house, person, exam, {})).status_code for person in (other, student, admin)]

    assert statuses == [404, 403, 200]


async def test_while_typing_an_unfinished_question_is_no_error(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    path = "/api/reservations/questions/preview"
    finished = {"kind": "true_false", "text": "The sky is *blue*.", "answer": True}

    early = await house.client.put(
        path, json={"question": {"kind": "true_false", "text": ""}}, headers=author.headers
    )
    shown = await house.client.put(path, json={"question": finished}, headers=author.headers)

    assert (early.status_code, early.content) == (204, b"")
    assert shown.json()["html"] == "<p>The sky is <em>blue</em>.</p>"
