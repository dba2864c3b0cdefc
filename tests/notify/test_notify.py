"""Who is told what, once, whatever fails in between."""

from datetime import timedelta
from uuid import UUID

import pytest

from schema.failures import Failure, FailureType
from schema.ids import new_id
from schema.notice import Audience, Occasion
from tests.notify.desk import Desk, RecordingSender, notice


@pytest.fixture
def sender() -> RecordingSender:
    return RecordingSender()


@pytest.fixture
def desk(sender: RecordingSender) -> Desk:
    return Desk(sender)


async def test_a_student_gets_a_mail_and_a_notification(desk: Desk, sender: RecordingSender) -> None:
    student = desk.person("ada", "student")
    facts = {"starts_at": "2027-01-12T08:00:00+00:00"}

    await desk.notify(notice(Occasion.RESERVED, Audience.STUDENT, person_id=student, facts=facts))

    mail = sender.taken[0]
    assert mail["Subject"] == "Your seat for Biology is reserved"
    text = " ".join(str(mail.get_body(("plain",)).get_content()).split())  # type: ignore[union-attr]
    assert "Tuesday 12 January 2027 at 09:00 (Europe/Vienna, UTC+01:00)" in text
    assert f"http://localhost:8000/attempts/{notice(Occasion.RESERVED, Audience.STUDENT).attempt_id}" in text
    assert desk.kinds_of(student) == ["reserved"]


async def test_called_again_nothing_is_doubled(desk: Desk, sender: RecordingSender) -> None:
    student = desk.person("ada", "student")
    told = notice(Occasion.SUBMITTED, Audience.STUDENT, person_id=student)

    await desk.notify(told)
    await desk.notify(told)

    assert len(sender.tried) == 1
    assert desk.kinds_of(student) == ["submitted"]


async def test_a_group_is_told_without_those_left_out(desk: Desk, sender: RecordingSender) -> None:
    desk.person("rae", "reviewer")
    first = desk.person("sol", "reviewer", "admin")
    desk.person("pat", "proctor")

    await desk.notify(notice(Occasion.REVIEW_WAITING, Audience.REVIEWERS, excluded=(first,)))

    assert sender.receivers == ["Rae <rae@example.org>"]


@pytest.mark.parametrize(
    ("audience", "role"),
    [
        (Audience.PROCTORS, "proctor"),
        (Audience.GRADERS, "grader"),
        (Audience.REVIEWERS, "reviewer"),
        (Audience.ADMINS, "admin"),
    ],
)
async def test_groups_are_roles(desk: Desk, sender: RecordingSender, audience: Audience, role: str) -> None:
    for other in ("student", "proctor", "grader", "reviewer", "admin"):
        desk.person(other, other)

    await desk.notify(notice(Occasion.HIGH_RISK, audience))

    assert sender.receivers == [f"{role.title()} <{role}@example.org>"]


@pytest.mark.parametrize("occasion", [Occasion.TIME_CHANGED, Occasion.ADMITTED])
async def test_some_things_are_for_the_screen_only(
    desk: Desk, sender: RecordingSender, occasion: Occasion
) -> None:
    student = desk.person("ada", "student")

    await desk.notify(notice(occasion, Audience.STUDENT, person_id=student))

    assert sender.tried == []
    assert desk.kinds_of(student) == [occasion.value]


async def test_one_bad_address_stops_nobody(desk: Desk, sender: RecordingSender) -> None:
    for name in ("ann", "bob", "cleo"):
        desk.person(name, "grader")
    sender.failures["bob@"] = [Failure(FailureType.INVALID, "550 no such mailbox")]
    told = notice(Occasion.REVIEW_WAITING, Audience.GRADERS)

    await desk.notify(told)
    await desk.notify(told)

    assert sender.receivers == ["Ann <ann@example.org>", "Cleo <cleo@example.org>"]
    assert list(desk.mails.troubles.values()) == ["550 no such mailbox"]
    assert len(sender.tried) == 3


async def test_a_busy_server_makes_only_the_unsent_try_again(desk: Desk, sender: RecordingSender) -> None:
    for name in ("ann", "bob"):
        desk.person(name, "grader")
    sender.failures["bob@"] = [Failure(FailureType.UNAVAILABLE, "451 try later")]
    told = notice(Occasion.REVIEW_WAITING, Audience.GRADERS)

    with pytest.raises(Failure) as raised:
        await desk.notify(told)
    desk.clock.move(timedelta(seconds=2))
    await desk.notify(told)

    assert raised.value.is_retryable
    assert "1 of 2 mails" in raised.value.message
    assert sender.receivers == ["Ann <ann@example.org>", "Bob <bob@example.org>"]
    first, second = (mail["Message-ID"] for mail in sender.tried if "bob" in mail["To"])
    assert first == second


async def test_a_crash_after_sending_sends_the_same_mail_again(desk: Desk, sender: RecordingSender) -> None:
    student = desk.person("ada", "student")
    told = notice(Occasion.RELEASED, Audience.STUDENT, person_id=student)
    desk.mails.deaths = 1
    with pytest.raises(ConnectionResetError):
        await desk.notify(told)

    with pytest.raises(Failure):  # the one who died might still be sending
        await desk.notify(told)
    desk.clock.move(timedelta(seconds=10))
    await desk.notify(told)

    assert len(sender.taken) == 2
    assert len({mail["Message-ID"] for mail in sender.taken}) == 1


async def test_a_person_who_is_gone_is_told_nothing(desk: Desk, sender: RecordingSender) -> None:
    gone = new_id()

    await desk.notify(notice(Occasion.RESERVED, Audience.STUDENT, person_id=gone))

    assert sender.tried == []


async def test_a_notice_for_a_person_must_name_one(desk: Desk) -> None:
    with pytest.raises(Failure) as raised:
        await desk.notify(notice(Occasion.RESERVED, Audience.STUDENT))

    assert raised.value.type is FailureType.INVALID


async def test_an_exam_without_a_title_is_your_exam(desk: Desk, sender: RecordingSender) -> None:
    student = desk.person("ada", "student")

    await desk.notify(notice(Occasion.RESERVED, Audience.STUDENT, person_id=student, exam_id=new_id()))

    assert sender.taken[0]["Subject"] == "Your seat for your exam is reserved"


async def test_nobody_is_told_as_staff_what_is_about_themselves(desk: Desk) -> None:
    ada, ben = desk.person("ada", "proctor", "student"), desk.person("ben", "proctor")
    desk.titles.sit(UUID(int=7), ada)

    await desk.notify(notice(Occasion.HIGH_RISK, Audience.PROCTORS))

    assert desk.kinds_of(ada) == []
    assert desk.kinds_of(ben) == ["high_risk"]


async def test_graders_are_not_told_whose_essay_waits(desk: Desk, sender: RecordingSender) -> None:
    desk.person("ada", "grader")
    facts = {"review_id": "r", "review_kind": "essay"}

    await desk.notify(notice(Occasion.REVIEW_WAITING, Audience.GRADERS, facts=facts))

    ((_, told),) = desk.notifications.notifications.values()
    (mail,) = sender.taken
    assert "attempt_id" not in told
    assert str(UUID(int=7)) not in mail.as_string()
