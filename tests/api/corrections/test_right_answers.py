"""When a result shows its student right answers, and how little of a question is shown before."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from schema.db.tables.reservations import AttemptRow, ExamRow, ExamVersion, FurtherSitting
from schema.ids import new_id
from schema.role import Role
from tests.api.corrections.desk import ESSAY, NUMBER, SINGLE, TRUE, Sitting
from tests.api.corrections.test_result import mark, set_attempt

DAY = timedelta(days=1)
KEYED = (TRUE, SINGLE, NUMBER)


async def offered(sitting: Sitting, **policy: Any) -> None:
    """The exam can be booked, under this policy."""
    exam, now = sitting.exam, sitting.house.clock()
    row = ExamRow(
        exam_id=exam.exam_id,
        organisation_id=exam.organisation_id,
        author_id=exam.author_id,
        title=exam.title,
        is_published=True,
        version=exam.version,
        created_at=now,
        updated_at=now,
    )
    async with sitting.house.context.databases.reservations.write() as session:
        session.add(row)
        version = await session.get_one(ExamVersion, (exam.exam_id, exam.version))
        version.content = {**version.content, "policy": {**version.content["policy"], **policy}}


async def released(sitting: Sitting, **policy: Any) -> None:
    await offered(sitting, **policy)
    await mark(sitting)
    await set_attempt(sitting, phase="submitted", release="released", submitted_at=sitting.house.clock())


async def result_of(sitting: Sitting) -> dict[str, Any]:
    answer = await sitting.get("results")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def tells_nothing(result: dict[str, Any]) -> bool:
    """Neither right answers nor feedback, rubric or a grader's words."""
    return all(
        "Right:" not in item["explanation"]
        and not item["feedback_html"]
        and not item["criteria"]
        and not item["remark"]
        for item in result["items"]
    )


async def test_not_before_the_last_slot_is_over(sitting: Sitting) -> None:
    await released(sitting)
    await sitting.house.slot(sitting.exam, timedelta(hours=-2, minutes=5))

    before = await result_of(sitting)
    sitting.house.clock.move(timedelta(minutes=6))
    after = await result_of(sitting)

    assert tells_nothing(before)
    assert before["right_answers"]["shown"] == "after_last_slot"
    assert before["right_answers"]["last_slot_ends_at"] == "2027-01-11T09:05:00Z"
    assert (before["percent"], before["items"][SINGLE]["earned"]) == ("45.000", "0.000")
    assert before["items"][SINGLE]["explanation"] == "You chose “Option b”."
    assert after["right_answers"]["shown"] == "shown"
    assert after["items"][SINGLE]["explanation"] == "You chose “Option b”. Right: “Option a”."


async def test_not_while_somebody_has_the_same_version_ahead(sitting: Sitting) -> None:
    await released(sitting)
    other = await sitting.house.person(Role.STUDENT)
    ahead = await sitting.house.attempt(other.person_id, sitting.exam, new_id(), "in_progress")

    before = await result_of(sitting)
    async with sitting.house.context.databases.reservations.write() as session:
        (await session.get_one(AttemptRow, ahead)).phase = "submitted"
    after = await result_of(sitting)

    assert tells_nothing(before)
    assert after["right_answers"]["shown"] == "shown"


@pytest.mark.parametrize("rule", ["on_release", "after_last_slot", "never"])
async def test_never_while_the_student_may_sit_again(sitting: Sitting, rule: str) -> None:
    await released(sitting, right_answers=rule, attempts_allowed=2)
    await sitting.house.slot(sitting.exam, DAY)

    result = await result_of(sitting)

    assert tells_nothing(result)
    assert result["right_answers"]["shown"] == "may_sit_again"
    assert [result["items"][place]["earned"] for place in KEYED] == [None] * 3
    assert (result["items"][ESSAY]["earned"], result["percent"]) == ("2.500", "45.000")


async def test_a_further_sitting_that_was_given_hides_them_too(sitting: Sitting) -> None:
    await released(sitting, right_answers="on_release")
    await sitting.house.slot(sitting.exam, DAY)
    before = await result_of(sitting)
    async with sitting.house.context.databases.reservations.write() as session:
        session.add(
            FurtherSitting(
                sitting_id=new_id(),
                attempt_id=sitting.attempt_id,
                exam_id=sitting.exam.exam_id,
                student_id=sitting.student.person_id,
                reason="ill",
                given_at=sitting.house.clock(),
            )
        )

    after = await result_of(sitting)

    assert before["right_answers"]["shown"] == "shown"
    assert after["right_answers"]["shown"] == "may_sit_again"


async def test_never_is_never_but_a_grader_is_heard(sitting: Sitting) -> None:
    await released(sitting, right_answers="never")

    result = await result_of(sitting)

    assert result["right_answers"]["shown"] == "never"
    assert all("Right:" not in item["explanation"] and not item["criteria"] for item in result["items"])
    assert result["items"][ESSAY]["remark"] == "Well done."


async def test_an_appeal_reveals_nothing(sitting: Sitting) -> None:
    await released(sitting)
    await sitting.house.slot(sitting.exam, DAY)
    await set_attempt(sitting, release="appealed")

    assert tells_nothing(await result_of(sitting))


async def test_staff_see_them_at_any_time(sitting: Sitting) -> None:
    await released(sitting, right_answers="never", attempts_allowed=3)
    await sitting.house.slot(sitting.exam, DAY)

    answer = await sitting.get("results", await sitting.house.person(Role.ADMIN))

    assert answer.json()["items"][SINGLE]["explanation"].endswith("Right: “Option a”.")
    assert answer.json()["items"][SINGLE]["earned"] == "0.000"


async def test_a_newer_version_with_the_same_questions_keeps_them_back(sitting: Sitting) -> None:
    await released(sitting)
    await sitting.house.slot(sitting.exam, DAY)
    following = sitting.exam.model_copy(update={"version": 2, "is_published": True})
    await publish(sitting, following.exam_id, following.model_dump(mode="json"))

    assert tells_nothing(await result_of(sitting))


async def publish(sitting: Sitting, exam_id: UUID, content: dict[str, Any]) -> None:
    now = sitting.house.clock()
    async with sitting.house.context.databases.reservations.write() as session:
        session.add(ExamVersion(exam_id=exam_id, version=2, content=content, created_at=now))
        (await session.get_one(ExamRow, exam_id)).version = 2
