"""Authoring through HTTP: drafts by version, publishing, preview, and who may do it."""

from typing import Any
from uuid import uuid4

import httpx

from schema.ids import new_id
from schema.role import Role
from tests.api.house import House, Someone

EXAMS = "/api/reservations/exams"
TRUE_FALSE = {"kind": "true_false", "text": "Is **it**?", "answer": True, "feedback_right": "Yes."}
CHOICE = {
    "kind": "single_choice",
    "text": "Which?",
    "points": "2",
    "options": [
        {"key": "a", "text": "A", "fraction": "1"},
        {"key": "b", "text": "B"},
        {"key": "c", "text": "C"},
    ],
}


def draft(*questions: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"title": "Networks", "sections": [{"title": "One", "questions": list(questions)}], **parts}


async def create(house: House, author: Someone, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = await house.client.post(EXAMS, json=body or draft(TRUE_FALSE, CHOICE), headers=author.keyed())
    assert answer.status_code == 201, answer.text
    exam: dict[str, Any] = answer.json()
    return exam


async def put(
    house: House, author: Someone, exam: dict[str, Any], body: dict[str, Any], version: int | None = None
) -> httpx.Response:
    headers = {**author.headers, "If-Match": f'"{version or exam["version"]}"'}
    return await house.client.put(f"{EXAMS}/{exam['exam_id']}", json=body, headers=headers)


async def publish(house: House, author: Someone, exam: dict[str, Any]) -> httpx.Response:
    headers = {**author.headers, "If-Match": f'"{exam["version"]}"'}
    return await house.client.post(f"{EXAMS}/{exam['exam_id']}/publish", headers=headers)


async def test_an_exam_is_made_once_however_often_it_is_sent(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    headers = author.keyed()

    first = await house.client.post(EXAMS, json=draft(TRUE_FALSE), headers=headers)
    second = await house.client.post(EXAMS, json=draft(TRUE_FALSE), headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["etag"] == '"1"'
    listed = await house.client.get(EXAMS, headers=author.headers)
    assert [item["exam_id"] for item in listed.json()["items"]] == [first.json()["exam_id"]]


async def test_what_was_stored_is_what_was_sent(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    policy = {
        "duration": "PT45M",
        "shuffle_options": True,
        "detection": {"preset": "strict", "looking_away": True},
    }
    exam = await create(house, author, draft(TRUE_FALSE, CHOICE, policy=policy, instructions="No notes."))

    answer = await house.client.get(f"{EXAMS}/{exam['exam_id']}", headers=author.headers)

    stored = answer.json()
    assert stored == exam
    assert stored["policy"]["duration"] == "PT45M"
    assert stored["policy"]["detection"]["face_absent_after"] == "PT3S"
    assert stored["policy"]["detection"]["looking_away"] is True
    assert stored["sections"][0]["questions"][1]["points"] == "2"
    assert (stored["author_id"], stored["is_published"]) == (str(author.person_id), False)


async def test_a_draft_is_replaced_on_condition_of_its_version(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)

    changed = await put(house, author, exam, draft(TRUE_FALSE, title="Networks 2"))
    stale = await put(house, author, exam, draft(CHOICE, title="Networks 3"))

    assert (changed.status_code, changed.json()["version"], changed.headers["etag"]) == (200, 2, '"2"')
    assert (stale.status_code, stale.json()["current_version"]) == (409, 2)
    assert (
        await house.client.get(f"{EXAMS}/{exam['exam_id']}", headers=author.headers)
    ).json() == changed.json()


async def test_the_same_change_sent_again_is_one(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)
    body = {**draft(), "sections": exam["sections"], "title": "Networks 2"}

    first, second = await put(house, author, exam, body), await put(house, author, exam, body)

    assert first.json() == second.json()
    assert second.json()["version"] == 2


async def test_a_change_needs_its_version(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)

    answer = await house.client.put(f"{EXAMS}/{exam['exam_id']}", json=draft(), headers=author.headers)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["in"] == "header"


async def test_publishing_freezes_a_version_and_editing_makes_the_next(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)
    path = f"{EXAMS}/{exam['exam_id']}"

    published = (await publish(house, author, exam)).json()
    again = (await publish(house, author, exam)).json()
    edited = (await put(house, author, published, draft(CHOICE))).json()
    third = (await put(house, author, edited, draft(TRUE_FALSE))).json()

    assert (published["version"], published["is_published"]) == (1, True)
    assert again == published
    assert (edited["version"], edited["is_published"]) == (2, False)
    assert third["version"] == 3
    kept = await house.client.get(f"{path}?version=1", headers=author.headers)
    gone = await house.client.get(f"{path}?version=2", headers=author.headers)
    assert kept.json() == published
    assert gone.status_code == 404


async def test_an_exam_without_questions_is_not_published(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author, draft())

    answer = await publish(house, author, exam)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/sections", "/sections/0"]


async def test_only_the_newest_version_is_published(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)
    await put(house, author, exam, draft(CHOICE))

    assert (await publish(house, author, exam)).status_code == 409


async def test_wrong_fields_are_named_by_pointer(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    repeated = {**TRUE_FALSE, "question_id": str(new_id())}
    policy = {"detection": {"object_frames": [5, 3]}, "hold": "-PT1M"}

    rules = await house.client.post(
        EXAMS, json=draft(repeated, repeated, policy=policy), headers=author.keyed()
    )
    shape = await house.client.post(
        EXAMS, json=draft({**TRUE_FALSE, "text": ""}, title=""), headers=author.keyed()
    )

    assert {error["pointer"] for error in rules.json()["errors"]} == {
        "/sections/0/questions/1/question_id",
        "/policy/detection/object_frames",
        "/policy/hold",
    }
    assert shape.status_code == 422
    assert {error["pointer"] for error in shape.json()["errors"]} == {
        "/title",
        "/sections/0/questions/0/text",
    }
    assert (await house.client.get(EXAMS, headers=author.headers)).json()["items"] == []


async def test_an_author_has_their_own_exams_and_an_admin_all(house: House) -> None:
    author, other, admin = (
        await house.person(Role.AUTHOR),
        await house.person(Role.AUTHOR),
        await house.person(Role.ADMIN),
    )
    exam = await create(house, author)
    path = f"{EXAMS}/{exam['exam_id']}"

    assert (await house.client.get(path, headers=other.headers)).status_code == 404
    assert (await put(house, other, exam, draft())).status_code == 404
    assert (await publish(house, other, exam)).status_code == 404
    assert (await house.client.get(f"{path}/preview", headers=other.headers)).status_code == 404
    assert (await house.client.get(path, headers=admin.headers)).status_code == 200
    assert (await put(house, admin, exam, draft(CHOICE))).status_code == 200


async def test_another_organisation_sees_nothing(house: House) -> None:
    author, stranger = (
        await house.person(Role.AUTHOR),
        await house.person(Role.ADMIN, organisation_id=uuid4()),
    )
    exam = await create(house, author)

    assert (await house.client.get(f"{EXAMS}/{exam['exam_id']}", headers=stranger.headers)).status_code == 404
    assert (await house.client.get(EXAMS, headers=stranger.headers)).json()["items"] == []


async def test_students_see_that_an_exam_is_offered_and_nothing_of_it(house: House) -> None:
    author, student = await house.person(Role.AUTHOR), await house.person(Role.STUDENT)
    exam = await create(house, author)
    await create(house, author, draft(CHOICE, title="Still a draft"))
    await publish(house, author, exam)

    listed = await house.client.get(EXAMS, headers=student.headers)

    (item,) = listed.json()["items"]
    assert (item["title"], item["questions"], item["points"]) == ("Networks", 2, "3")
    assert "Which?" not in listed.text
    path = f"{EXAMS}/{exam['exam_id']}"
    assert (await house.client.get(path, headers=student.headers)).status_code == 403
    assert (await house.client.post(EXAMS, json=draft(), headers=student.keyed())).status_code == 403
    assert (await house.client.get(path)).status_code == 401


async def test_a_list_comes_in_pages(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    made = {(await create(house, author))["exam_id"] for _ in range(3)}

    first = (await house.client.get(f"{EXAMS}?limit=2", headers=author.headers)).json()
    cursor = first["next_cursor"]
    second = (await house.client.get(f"{EXAMS}?limit=2&cursor={cursor}", headers=author.headers)).json()

    assert {item["exam_id"] for item in first["items"] + second["items"]} == made
    assert second["next_cursor"] is None


async def test_a_preview_shows_what_a_student_would_see(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await create(house, author)

    answer = await house.client.get(f"{EXAMS}/{exam['exam_id']}/preview?seed=5", headers=author.headers)

    first = answer.json()["sections"][0]["questions"][0]
    assert first["html"] == "<p>Is <strong>it</strong>?</p>"
    for secret in ("fraction", "feedback", '"answer"', "Yes."):
        assert secret not in answer.text


async def test_comparing_faces_needs_a_legal_basis_and_an_identity_photo(house: House) -> None:
    author = await house.person(Role.AUTHOR)
    asked = {"preset": "moderate", "other_person": True}
    answers = [
        await house.client.post(EXAMS, json=draft(TRUE_FALSE, policy=policy), headers=author.keyed())
        for policy in (
            {"detection": asked},
            {"detection": {**asked, "other_person_basis": "   "}},
            {
                "detection": {**asked, "other_person_basis": "consent"},
                "check_in_steps": ["camera", "consent"],
            },
            {"detection": {**asked, "other_person_basis": "consent under Art. 9(2)(a) GDPR"}},
        )
    ]

    told = [[error["pointer"] for error in answer.json().get("errors", [])] for answer in answers]
    basis, photo = "/policy/detection/other_person_basis", "/policy/detection/other_person"
    assert [answer.status_code for answer in answers] == [422, 422, 422, 201]
    assert told == [[basis], [basis], [photo], []]
    assert "comparing faces needs a legal basis" in answers[0].text
