"""Answers through HTTP: saved one by one, by revision, judged by the clock."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from schema.role import Role
from tests.api.corrections.desk import (
    ESSAY,
    MINUTE,
    MULTIPLE,
    NUMBER,
    SINGLE,
    TRUE,
    VALUES,
    Sitting,
    sit,
)
from tests.api.house import House

SECOND = timedelta(seconds=1)


async def stored(sitting: Sitting) -> dict[str, Any]:
    items = (await sitting.get("answers")).json()["items"]
    return {item["question_id"]: item for item in items}


async def test_the_paper_is_in_the_attempts_order_and_tells_no_key(sitting: Sitting) -> None:
    answer = await sitting.get("paper")

    paper = answer.json()
    assert answer.status_code == 200
    shown = [q["question_id"] for section in paper["sections"] for q in section["questions"]]
    assert sorted(shown) == sorted(str(q.question_id) for q in sitting.exam.questions)
    assert (await sitting.get("paper")).json() == paper
    for secret in ("fraction", "feedback", "rubric", "tolerance", "3.14", "Criterion"):
        assert secret not in answer.text


@pytest.mark.parametrize("phase", ["reserved", "checking_in", "awaiting_admission", "submitted", "voided"])
async def test_there_is_no_paper_before_the_start_and_after_the_end(desk: House, phase: str) -> None:
    answer = await (await sit(desk, phase)).get("paper")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/illegal_move"


async def test_answers_of_every_kind_are_saved_and_read_back(sitting: Sitting) -> None:
    answers = [await sitting.save(place) for place in range(5)]

    assert {answer.status_code for answer in answers} == {200}
    saved = answers[0].json()
    assert (saved["standing"], saved["epoch"], saved["revision"]) == ("counted", 1, 1)
    assert saved["deadline_at"] == (await sitting.get("answers")).json()["deadline_at"]
    values = {question_id: item["value"] for question_id, item in (await stored(sitting)).items()}
    assert values == {str(sitting.question(place)): VALUES[place] for place in range(5)}


async def test_the_newest_revision_wins_in_whatever_order_they_arrive(sitting: Sitting) -> None:
    await sitting.save(TRUE, revision=3, value={"kind": "truth", "value": False})

    old = await sitting.save(TRUE, revision=2)
    again = await sitting.save(TRUE, revision=3)
    for _ in range(2):
        await sitting.begin_epoch()
    other_device = await sitting.save(TRUE, epoch=2, revision=1)

    assert (old.status_code, old.json()["revision"]) == (200, 3)
    assert again.json()["revision"] == 3
    assert (other_device.json()["epoch"], other_device.json()["revision"]) == (2, 1)
    assert (await stored(sitting))[str(sitting.question(TRUE))]["value"] == VALUES[TRUE]


async def test_an_answer_can_be_taken_back(sitting: Sitting) -> None:
    await sitting.save(SINGLE)

    answer = await sitting.save(SINGLE, revision=2, value=None)

    assert answer.status_code == 200
    assert (await stored(sitting))[str(sitting.question(SINGLE))]["value"] is None


async def test_each_device_gets_an_epoch_of_its_own(sitting: Sitting) -> None:
    path = f"{sitting.path}/answer-epoch"
    client, headers = sitting.house.client, sitting.student.headers

    epochs = [(await client.post(path, headers=headers)).json()["epoch"] for _ in range(3)]
    await sitting.window()

    assert epochs == [1, 2, 3]
    assert (await client.post(path, headers=headers)).json()["epoch"] == 4
    answers = (await client.get(f"{sitting.path}/answers", headers=headers)).json()
    assert answers["epoch"] == 4  # so a device that was away learns that another one took over


async def test_a_page_that_was_not_sure_to_be_heard_begins_once_and_never_after_another(
    sitting: Sitting,
) -> None:
    path = f"{sitting.path}/answer-epoch"
    client, headers = sitting.house.client, sitting.student.headers
    keyed = {**headers, "Idempotency-Key": "this-page's-wish"}

    first = (await client.post(path, headers=keyed)).json()["epoch"]
    again = await client.post(path, headers=keyed, params={"after": first - 1})
    other_device = (await client.post(path, headers=headers)).json()["epoch"]
    away = {**headers, "Idempotency-Key": "a-page-that-was-away"}
    refused = await client.post(path, headers=away, params={"after": first})
    await sitting.window()

    assert again.json()["epoch"] == first
    assert other_device == first + 1
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3,14", "3.14"),
        ("16 000", "16000"),
        ("1e-3", "0.001"),
        ("−5", "-5"),
        ("٣٫١٤", "3.14"),
        ("3,500.00", "3500.00"),
    ],
    ids=ascii,
)
async def test_a_typed_number_is_understood_as_in_the_room(sitting: Sitting, typed: str, value: str) -> None:
    saved = await sitting.save(NUMBER, value={"kind": "number", "value": typed})

    found = (await stored(sitting))[str(sitting.question(NUMBER))]["value"]
    assert saved.status_code == 200
    assert Decimal(found["value"]) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("16,000", "this may mean two numbers"),
        ("1/2", "this is no number"),
        ("5 km", "this is no number"),
        ("16_000", "this is no number"),
        ("1e400", "this number is too long"),
    ],
)
async def test_what_is_no_one_number_is_refused_and_not_stored(
    sitting: Sitting, typed: str, problem: str
) -> None:
    refused = await sitting.save(NUMBER, value={"kind": "number", "value": typed})

    assert refused.status_code == 422
    assert [error["problem"] for error in refused.json()["errors"]] == [problem]
    assert str(sitting.question(NUMBER)) not in await stored(sitting)


CLAIMS = [-2 * MINUTE, timedelta(0), 60 * MINUTE]


@pytest.mark.parametrize("ago", CLAIMS)
async def test_what_comes_after_the_end_is_late_whatever_its_device_claims(
    sitting: Sitting, ago: timedelta
) -> None:
    sitting.house.clock.move(10 * MINUTE + 3 * SECOND)
    on_its_way = await sitting.save(SINGLE, ago=ago)
    sitting.house.clock.move(SECOND)

    late = await sitting.save(TRUE, ago=ago)

    assert (on_its_way.status_code, on_its_way.json()["standing"]) == (200, "counted")
    assert (late.status_code, late.json()["standing"]) == (202, "late")
    assert (await stored(sitting))[str(sitting.question(TRUE))]["standing"] == "late"
    admin = await sitting.house.person(Role.ADMIN)
    (seen,) = (await sitting.get("late-answers", admin)).json()
    assert seen["late_by"] == "PT4S"


@pytest.mark.parametrize("ago", CLAIMS)
async def test_during_a_pause_it_is_refused_whatever_its_device_claims(desk: House, ago: timedelta) -> None:
    sitting = await sit(desk, "checking_in")  # so that no workflow is asked whether it has just gone on
    stopped = sitting.house.clock()
    await sitting.window(deadline_at=None, stopped_at=stopped, phase="paused")
    sitting.house.clock.move(4 * SECOND)

    refused = await sitting.save(TRUE, ago=ago)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/illegal_move")
    assert (refused.json()["stopped_at"], refused.json()["retry_when"]) == (stopped.isoformat(), "resumed")
    assert await stored(sitting) == {}
    await sitting.window()
    assert (await sitting.save(TRUE, ago=ago)).status_code == 200


@pytest.mark.parametrize("ago", CLAIMS)
async def test_after_a_termination_it_is_late_whatever_its_device_claims(
    sitting: Sitting, ago: timedelta
) -> None:
    await sitting.window(deadline_at=None, stopped_at=sitting.house.clock(), phase="terminated")
    sitting.house.clock.move(4 * SECOND)

    assert (await sitting.save(TRUE, ago=ago)).status_code == 202


@pytest.mark.parametrize("number", [(2, 0), (2**31 - 1, 2**31 - 1)])
async def test_no_device_answers_under_an_epoch_that_it_was_not_given(
    sitting: Sitting, number: tuple[int, int]
) -> None:
    refused = await sitting.save(TRUE, epoch=number[0], revision=number[1])

    assert (refused.status_code, refused.json()["pointer"]) == (422, "/epoch")
    assert await stored(sitting) == {}


@pytest.mark.parametrize("release", ["released", "appealed", "final", "archived", "purged"])
async def test_no_late_answer_is_kept_once_the_result_was_shown(desk: House, release: str) -> None:
    sitting = await sit(desk, "submitted", release=release)
    await sitting.window(is_open=False, closed_at=desk.clock(), deadline_at=None)
    desk.clock.move(MINUTE)

    refused = await sitting.save(TRUE)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/deadline_passed")
    assert await stored(sitting) == {}


async def test_a_closed_window_counts_nothing_any_more(sitting: Sitting) -> None:
    await sitting.window(is_open=False, closed_at=sitting.house.clock() + MINUTE)
    sitting.house.clock.move(2 * MINUTE)

    assert (await sitting.save(TRUE)).status_code == 202
    assert (await sitting.save(SINGLE, ago=2 * MINUTE)).status_code == 202


async def test_answers_after_an_outage_are_judged_one_by_one(sitting: Sitting) -> None:
    sitting.house.clock.move(11 * MINUTE)
    in_time, too_late = 5 * MINUTE, timedelta(0)
    answers = [
        {**sitting.draft(TRUE, ago=in_time), "question_id": str(sitting.question(TRUE))},
        {**sitting.draft(SINGLE, ago=too_late), "question_id": str(sitting.question(SINGLE))},
        {**sitting.draft(NUMBER, ago=in_time), "question_id": str(uuid4())},
        {**sitting.draft(ESSAY, ago=in_time), "question_id": str(sitting.question(NUMBER))},
    ]

    answer = await sitting.house.client.post(
        f"{sitting.path}/answers", json={"answers": answers}, headers=sitting.student.headers
    )

    results = answer.json()
    assert [result["status"] for result in results] == [202, 202, 404, 422]
    assert results[0]["saved"]["standing"] == "late"
    assert results[3]["problem"]["pointer"] == "/value/kind"


@pytest.mark.parametrize(
    ("place", "value", "pointer"),
    [
        (SINGLE, {"kind": "truth", "value": True}, "/value/kind"),
        (SINGLE, {"kind": "choice", "chosen": ["zz"]}, "/value/chosen/0"),
        (SINGLE, {"kind": "choice", "chosen": ["a", "b"]}, "/value/chosen"),
        (MULTIPLE, {"kind": "choice", "chosen": ["a", "a"]}, "/value/chosen"),
        (ESSAY, {"kind": "text", "text": "x" * 1_001}, "/value/text"),
    ],
)
async def test_an_answer_that_does_not_fit_is_refused(
    sitting: Sitting, place: int, value: dict[str, Any], pointer: str
) -> None:
    answer = await sitting.save(place, value=value)

    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)
    assert await stored(sitting) == {}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"value": {"kind": "number", "value": "NaN"}}, "/value/value"),
        ({"value": {"kind": "number", "value": "1e999"}}, "/value/value"),
        ({"value": {"kind": "poem"}}, "/value"),
        ({"answered_at": "2027-01-11T09:00:00"}, "/answered_at"),
        ({"revision": -1}, "/revision"),
        ({"epoch": 2**31}, "/epoch"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_broken_answer_is_refused_by_field(
    sitting: Sitting, changes: dict[str, Any], pointer: str
) -> None:
    answer = await sitting.save(NUMBER, **changes)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_unknown_questions_and_other_students_find_nothing(sitting: Sitting) -> None:
    other, grader = await sitting.house.person(Role.STUDENT), await sitting.house.person(Role.GRADER)
    path = f"{sitting.path}/answers/{uuid4()}"

    unknown = await sitting.house.client.put(path, json=sitting.draft(TRUE), headers=sitting.student.headers)

    assert unknown.status_code == 404
    assert (await sitting.save(TRUE, other)).status_code == 404
    assert (await sitting.get("paper", other)).status_code == 404
    assert (await sitting.get("answers", other)).status_code == 404
    assert (await sitting.save(TRUE, grader)).status_code == 403
    assert (await sitting.house.client.get(f"{sitting.path}/paper")).status_code == 401


async def test_a_late_answer_is_accepted_before_marking_only(sitting: Sitting) -> None:
    admin = await sitting.house.person(Role.ADMIN)
    sitting.house.clock.move(11 * MINUTE)
    await sitting.save(TRUE, ago=2 * MINUTE)
    path = f"{sitting.path}/late-answers/{sitting.question(TRUE)}/accept"
    body = {"epoch": 1, "revision": 1, "reason": "The network was down."}

    by_student = await sitting.house.client.post(path, json=body, headers=sitting.student.headers)
    first = await sitting.house.client.post(path, json=body, headers=admin.headers)
    second = await sitting.house.client.post(path, json={**body, "reason": "Again."}, headers=admin.headers)
    unknown = await sitting.house.client.post(path, json={**body, "revision": 9}, headers=admin.headers)
    without = await sitting.house.client.post(path, json={**body, "reason": ""}, headers=admin.headers)

    assert by_student.status_code == 403
    assert (first.status_code, first.json()["reason"]) == (200, "The network was down.")
    assert first.json()["accepted_by"] == str(admin.person_id)
    assert second.json() == first.json()
    assert (unknown.status_code, without.status_code) == (404, 422)
    assert (await sitting.get("late-answers", admin)).json() == [first.json()]


async def test_no_answer_is_taken_once_the_row_is_final(desk: House) -> None:
    """The window's database lost its last moments: it still says open, the attempt's row says handed in."""
    ended = desk.clock() - MINUTE
    sitting = await sit(desk, "submitted", submitted_at=ended, marking="marked", version=9)
    await sitting.window(version=5)

    late = await sitting.save(TRUE)

    assert late.status_code == 202
    assert late.json()["standing"] == "late"


async def test_a_window_that_was_opened_again_stays_open_while_its_row_follows(desk: House) -> None:
    sitting = await sit(desk, "submitted", submitted_at=desk.clock() - MINUTE, marking="marked", version=9)
    await sitting.window(version=10)

    assert (await sitting.save(TRUE)).status_code == 200


async def test_nobody_accepts_their_own_late_answers(sitting: Sitting) -> None:
    sitting.house.clock.move(11 * MINUTE)
    await sitting.save(TRUE)
    both = await sitting.house.with_roles(sitting.student, Role.STUDENT, Role.ADMIN)
    path = f"{sitting.path}/late-answers/{sitting.question(TRUE)}/accept"
    body = {"epoch": 1, "revision": 1, "reason": "The network was down."}

    refused = await sitting.house.client.post(path, json=body, headers=both.headers)

    assert refused.status_code == 403
    assert (await sitting.get("answers")).json()["items"][0]["standing"] == "late"
