"""Results through HTTP: for whom, when, and why each mark is what it is."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from activities.adapters.sql.answer_book import SqlAnswerBook
from activities.adapters.sql.exam_catalog import SqlExamCatalog
from activities.adapters.sql.mark_book import SqlMarkBook
from activities.marking import MarkingActivities
from schema.db.tables.corrections import ReviewRow
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import AppealRow, AttemptMove, AttemptRow
from schema.db.tables.users import JournalEntry
from schema.grading import CriterionMark
from schema.ids import new_id
from schema.review import EssayVerdict, ReviewDecision
from schema.role import Role
from schema.task import CompleteRound, EssayMarked, GradingInput
from tests.api.corrections.desk import ESSAY, NUMBER, SINGLE, TRUE, Sitting

MARKS = EssayVerdict(
    marks=(
        CriterionMark(key="c0", earned=Decimal(2), comment="Clear."),
        CriterionMark(key="c1", earned=Decimal("0.5")),
    ),
    comment="Well done.",
)


def grading_of(sitting: Sitting, round_number: int = 1) -> GradingInput:
    return GradingInput(
        attempt_id=sitting.attempt_id,
        organisation_id=sitting.exam.organisation_id,
        exam_id=sitting.exam.exam_id,
        exam_version=sitting.exam.version,
        student_id=sitting.student.person_id,
        cohort_id=None,
        round_number=round_number,
        pass_mark=Decimal(50),
        remind_after=timedelta(days=1),
        escalate_after=timedelta(days=3),
    )


def marking_of(sitting: Sitting) -> MarkingActivities:
    databases = sitting.house.context.databases
    corrections = databases.corrections
    return MarkingActivities(
        SqlExamCatalog(databases.reservations), SqlAnswerBook(corrections), SqlMarkBook(corrections)
    )


async def mark(sitting: Sitting, round_number: int = 1) -> None:
    """Answer some questions, mark them, and let a grader read the essay."""
    grading, marking = grading_of(sitting, round_number), marking_of(sitting)
    for place in (TRUE, NUMBER, ESSAY):
        await sitting.save(place)
    await sitting.save(SINGLE, value={"kind": "choice", "chosen": ["b"]})
    await marking.mark_automatically(grading)
    decision = ReviewDecision(
        review_id=new_id(), decided_by=new_id(), decided_at=sitting.house.clock(), verdict=MARKS
    )
    await marking.write_essay(
        EssayMarked(grading=grading, question_id=sitting.question(ESSAY), decision=decision)
    )
    await marking.complete_round(CompleteRound(grading=grading, at=sitting.house.clock()))


async def set_attempt(sitting: Sitting, **columns: Any) -> None:
    async with sitting.house.context.databases.reservations.write() as session:
        row = await session.get_one(AttemptRow, sitting.attempt_id)
        for name, value in columns.items():
            setattr(row, name, value)


async def test_a_student_sees_the_result_once_it_is_released(sitting: Sitting) -> None:
    await mark(sitting)
    before = await sitting.get("results")
    await set_attempt(sitting, release="released", marking="marked", integrity="none")

    after = await sitting.get("results")

    assert before.status_code == 409
    assert "not released yet" in before.json()["detail"]
    result = after.json()
    assert (result["earned"], result["points"], result["percent"], result["passed"]) == (
        "4.500",
        "10",
        "45.000",
        False,
    )
    items = {item["question"]["question_id"]: item for item in result["items"]}
    assert list(items) == [str(question.question_id) for question in sitting.exam.questions]
    single = items[str(sitting.question(SINGLE))]
    assert single["explanation"] == "You chose “Option b”. Right: “Option a”."
    assert single["answer"] == {"kind": "choice", "chosen": ["b"]}
    assert items[str(sitting.question(TRUE))]["feedback_html"] == ["<p>Well seen.</p>"]


async def test_a_student_is_told_that_a_result_was_deleted(sitting: Sitting) -> None:
    await set_attempt(sitting, release="purged", marking="marked", integrity="none")

    answer = await sitting.get("results")

    assert answer.status_code == 404
    assert "was deleted" in answer.json()["detail"]


async def test_an_essay_shows_its_criteria_with_remarks(sitting: Sitting) -> None:
    await mark(sitting)
    await set_attempt(sitting, release="final")

    essay = (await sitting.get("results")).json()["items"][ESSAY]

    assert (essay["earned"], essay["marked_by"]) == ("2.500", "grader")
    assert [(c["text"], c["earned"], c["points"], c["comment"]) for c in essay["criteria"]] == [
        ("Criterion 0", "2", "3", "Clear."),
        ("Criterion 1", "0.5", "2", ""),
    ]
    assert essay["explanation"].splitlines()[-1] == essay["remark"] == "Well done."


async def test_while_an_appeal_is_open_the_student_sees_the_round_before(sitting: Sitting) -> None:
    await mark(sitting)
    await marking_of(sitting).mark_automatically(grading_of(sitting, 2))
    await set_attempt(sitting, release="appealed")
    admin = await sitting.house.person(Role.ADMIN)

    assert (await sitting.get("results")).json()["round_number"] == 1
    assert (await sitting.get("results", admin)).json()["round_number"] == 2


@pytest.mark.parametrize("role", [Role.ADMIN, Role.REVIEWER])
async def test_staff_see_results_at_any_time(sitting: Sitting, role: Role) -> None:
    await mark(sitting)

    staff = await sitting.house.person(role)

    answer = await sitting.get("results", staff)
    async with sitting.house.context.databases.users.read() as session:
        (look,) = list(await session.scalars(select(JournalEntry)))

    assert (answer.status_code, answer.json()["release"]) == (200, "withheld")
    assert (look.kind, look.actor_id) == ("answer_key_seen", staff.person_id)
    assert look.subject_id == sitting.attempt_id


@pytest.mark.parametrize("role", [Role.STUDENT, Role.AUTHOR, Role.PROCTOR, Role.GRADER])
async def test_others_find_nothing(sitting: Sitting, role: Role) -> None:
    await mark(sitting)

    assert (await sitting.get("results", await sitting.house.person(role))).status_code == 404


async def test_nobody_sees_their_own_result_early_because_they_are_staff_too(sitting: Sitting) -> None:
    await mark(sitting)
    all_roles = await sitting.house.with_roles(sitting.student, *Role)

    answer = await sitting.get("results", all_roles)

    assert answer.status_code == 409


async def test_what_was_decided_about_incidents_is_shown(sitting: Sitting) -> None:
    await mark(sitting)
    now = sitting.house.clock()
    facts = {"attempt_id": sitting.attempt_id, "opening_offset": 1, "started_at": now, "confidence": 0.9,
             "rule": "r", "model": "m", "created_at": now}  # fmt: skip
    async with sitting.house.context.databases.monitoring.write() as session:
        session.add(
            IncidentRow(
                incident_id=new_id(),
                kind="tab_change",
                severity="medium",
                ruling="explained",
                ruling_reason="A call.",
                **facts,
            )
        )
        session.add(IncidentRow(incident_id=new_id(), kind="low_light", severity="technical", **facts))
    await set_attempt(sitting, release="released", integrity="cleared")

    own = (await sitting.get("results")).json()
    staff = (await sitting.get("results", await sitting.house.person(Role.REVIEWER))).json()

    assert own["integrity"] == "cleared"
    assert [(i["kind"], i["ruling"], i["reason"]) for i in own["incidents"]] == [
        ("tab_change", "explained", "A call.")
    ]
    assert len(staff["incidents"]) == 2


async def test_the_whole_decision_and_appeals_are_told_with_their_reasons(sitting: Sitting) -> None:
    await mark(sitting)
    await set_attempt(sitting, release="released", integrity="upheld")
    now = sitting.house.clock()
    move = AttemptMove(
        attempt_id=sitting.attempt_id, version=9, machine="release", source="withheld", verb="release",
        target="released", actor_role="admin", at=now,
    )  # fmt: skip
    appeal = AppealRow(
        appeal_id=new_id(), attempt_id=sitting.attempt_id, text="It was my brother.", created_at=now
    )
    async with sitting.house.context.databases.reservations.write() as session:
        session.add_all([move, appeal])
    verdict = {"reason": "A second person dictated."}
    await add_review(sitting, "integrity", "integrity:1", "upheld", verdict)
    before = (await sitting.get("results")).json()
    await add_review(sitting, "appeal", "appeal:1", "dismissed", {"reason": "Two voices are heard."})

    after = (await sitting.get("results")).json()

    assert (before["integrity_reason"], before["appeals"]) == ("A second person dictated.", [])
    assert before["appeal_until"] == (now + timedelta(days=14)).isoformat().replace("+00:00", "Z")
    assert [(a["text"], a["outcome"], a["reason"]) for a in after["appeals"]] == [
        ("It was my brother.", "dismissed", "Two voices are heard.")
    ]


async def test_a_reason_is_told_only_once_it_is_settled(sitting: Sitting) -> None:
    await mark(sitting)
    await set_attempt(sitting, release="appealed", integrity="upheld_once")
    await add_review(sitting, "integrity", "integrity:1", "upheld", {"reason": "Not yet."})

    result = (await sitting.get("results")).json()

    assert (result["integrity_reason"], result["appeal_until"]) == ("", None)


async def add_review(
    sitting: Sitting, kind: str, subject: str, outcome: str, verdict: dict[str, Any]
) -> None:
    now = sitting.house.clock()
    row = ReviewRow(
        review_id=new_id(), attempt_id=sitting.attempt_id, exam_id=sitting.exam.exam_id,
        organisation_id=sitting.exam.organisation_id, kind=kind, subject=subject, round_number=1,
        stage="decided", excluded=[], opened_at=now, remind_at=now, escalate_at=now, decided_at=now,
        outcome=outcome, verdict={"kind": kind, **verdict}, version=2,
    )  # fmt: skip
    async with sitting.house.context.databases.corrections.write() as session:
        session.add(row)


async def test_an_attempt_without_marks_has_no_result(sitting: Sitting) -> None:
    admin = await sitting.house.person(Role.ADMIN)

    assert (await sitting.get("results", admin)).status_code == 404


async def test_a_late_answer_is_not_accepted_once_released_unless_an_appeal_is_open(sitting: Sitting) -> None:
    admin = await sitting.house.person(Role.ADMIN)
    await mark(sitting)
    sitting.house.clock.move(timedelta(minutes=11))
    await sitting.save(TRUE, ago=timedelta(minutes=2), revision=7, value={"kind": "truth", "value": False})
    await set_attempt(sitting, release="released")
    path = f"{sitting.path}/late-answers/{sitting.question(TRUE)}/accept"
    body = {"epoch": 1, "revision": 7, "reason": "The network was down."}
    refused = await sitting.house.client.post(path, json=body, headers=admin.headers)
    await set_attempt(sitting, release="appealed")
    accepted = await sitting.house.client.post(path, json=body, headers=admin.headers)
    await marking_of(sitting).mark_automatically(grading_of(sitting, 2))

    assert refused.status_code == 409
    assert "when the student has appealed" in refused.json()["detail"]
    assert accepted.status_code == 200
    items = {
        i.question_id: i
        for i in await SqlMarkBook(sitting.house.context.databases.corrections).items(sitting.attempt_id, 2)
    }
    assert items[sitting.question(TRUE)].earned == 0
