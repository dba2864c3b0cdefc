"""Reviews through HTTP with real workflows: the queue, who may take what, and decisions."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from temporalio.client import Client

from api.app import create_app
from api.context import utc_now
from api.password import Passwords
from api.users.change import Author, change_roles
from api.users.person import set_roles
from schema.db.session import Databases
from schema.db.tables.monitoring import IncidentRow
from schema.db.tables.reservations import ExamRow
from schema.db.tables.users import Person
from schema.exam import Essay
from schema.ids import new_id, review_id_for, review_workflow_id
from schema.queue import Queue, WorkflowType
from schema.review import ReviewDecision, ReviewInput, ReviewKind
from schema.role import Role
from schema.settings import Part, Settings
from tests.api.corrections.desk import ESSAY, Sitting, sit
from tests.api.corrections.test_result import grading_of, marking_of
from tests.api.house import House, MovableClock, Someone

pytestmark = pytest.mark.temporal

REVIEWS = "/api/corrections/reviews"
MARKS = [{"key": "c0", "earned": "2.5", "comment": "Clear."}, {"key": "c1", "earned": "2"}]


@pytest.fixture
async def live_desk(
    temporal: Client, working: None, settings: Settings, databases: Databases
) -> AsyncIterator[House]:
    app = create_app(
        settings,
        frozenset({Part.CORRECTIONS}),
        databases=databases,
        temporal=temporal,
        passwords=Passwords(rounds=4),
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield House(client, app.state.context, MovableClock(utc_now()))


@pytest.fixture
async def handed_in(live_desk: House) -> Sitting:
    """An attempt whose essay is answered and waits for a grader."""
    made = await sit(live_desk)
    await made.window()
    assert (await made.save(ESSAY)).status_code == 200
    await marking_of(made).mark_automatically(grading_of(made))
    return made


class Review:
    """One review and what people do to it."""

    def __init__(self, sitting: Sitting, review_id: UUID) -> None:
        self.house = sitting.house
        self.path = f"{REVIEWS}/{review_id}"
        self.workflow_id = review_workflow_id(review_id)

    async def get(self, person: Someone) -> httpx.Response:
        return await self.house.client.get(self.path, headers=person.headers)

    async def claim(self, person: Someone, key: str | None = None, **body: Any) -> httpx.Response:
        return await self.house.client.post(f"{self.path}/claim", json=body, headers=person.keyed(key))

    async def decide(
        self, person: Someone, verdict: dict[str, Any], key: str | None = None
    ) -> httpx.Response:
        body = {"verdict": verdict}
        return await self.house.client.post(f"{self.path}/decide", json=body, headers=person.keyed(key))

    async def give_back(self, person: Someone, key: str | None = None) -> httpx.Response:
        return await self.house.client.post(f"{self.path}/give-back", headers=person.keyed(key))

    async def decision(self) -> ReviewDecision:
        handle = self.house.context.temporal.get_workflow_handle(self.workflow_id, result_type=ReviewDecision)
        decision: ReviewDecision = await handle.result()
        return decision


async def opened(sitting: Sitting, kind: ReviewKind = ReviewKind.ESSAY, **facts: Any) -> Review:
    """Start the workflow that waits, and wait until it is in the queue."""
    subject = str(sitting.question(ESSAY)) if kind is ReviewKind.ESSAY else f"{kind}:1"
    subject = facts.pop("subject", subject)
    review_id = review_id_for(sitting.attempt_id, subject, 1)
    review = ReviewInput(
        review_id=review_id,
        attempt_id=sitting.attempt_id,
        exam_id=sitting.exam.exam_id,
        organisation_id=sitting.exam.organisation_id,
        kind=kind,
        subject=subject,
        **facts,
    )
    temporal = sitting.house.context.temporal
    made = Review(sitting, review_id)
    await temporal.start_workflow(
        WorkflowType.REVIEW, review, id=made.workflow_id, task_queue=Queue.LIFECYCLE
    )
    admin = await sitting.house.person(Role.ADMIN)
    while (await made.get(admin)).status_code == 404:
        await asyncio.sleep(0.02)
    return made


async def test_an_essay_is_taken_read_and_marked(handed_in: Sitting) -> None:
    house = handed_in.house
    grader, reviewer = await house.person(Role.GRADER), await house.person(Role.REVIEWER)
    review = await opened(handed_in)

    queue = (await house.client.get(f"{REVIEWS}?kind=essay&stage=open", headers=grader.headers)).json()[
        "items"
    ]
    claimed = await review.claim(grader)
    detail = (await review.get(grader)).json()
    decided = await review.decide(grader, {"kind": "essay", "marks": MARKS})
    decision = await review.decision()

    assert [item["review_id"] for item in queue] == [review.path.rpartition("/")[2]]
    assert (claimed.status_code, claimed.json()["stage"], claimed.json()["is_mine"]) == (
        200,
        "assigned",
        True,
    )
    assert detail["essay"]["answer"] == "Because."
    assert [line["key"] for line in detail["essay"]["rubric"]] == ["c0", "c1"]
    assert decided.json()["stage"] == "decided"
    assert decision.decided_by == grader.person_id
    assert (await review.get(reviewer)).status_code == 403
    mine = await house.client.get(f"{REVIEWS}?is_mine=true", headers=grader.headers)
    assert len(mine.json()["items"]) == 1


async def test_an_essay_is_read_blind(handed_in: Sitting) -> None:
    grader = await handed_in.house.person(Role.GRADER)
    review = await opened(handed_in)
    await review.claim(grader)

    texts = [
        (await handed_in.house.client.get(REVIEWS, headers=grader.headers)).text,
        (await review.get(grader)).text,
    ]

    for text in texts:
        assert str(handed_in.student.person_id) not in text
        assert str(handed_in.attempt_id) not in text


@pytest.mark.parametrize(
    ("marks", "pointer"),
    [
        ([{"key": "c0", "earned": "3.5"}, {"key": "c1", "earned": "2"}], "/verdict/marks/0"),
        ([{"key": "c0", "earned": "1"}], "/verdict/marks"),
        ([{"key": "c0", "earned": "1"}, {"key": "zz", "earned": "1"}], "/verdict/marks/1"),
    ],
)
async def test_marks_that_do_not_fit_the_rubric_never_reach_the_workflow(
    handed_in: Sitting, marks: list[dict[str, str]], pointer: str
) -> None:
    assert isinstance(handed_in.exam.questions[ESSAY], Essay)
    grader = await handed_in.house.person(Role.GRADER)
    review = await opened(handed_in)

    answer = await review.decide(grader, {"kind": "essay", "marks": marks})

    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)
    assert (await review.get(grader)).json()["stage"] == "open"


async def test_the_same_decision_sent_again_is_one_and_another_one_is_refused(handed_in: Sitting) -> None:
    grader = await handed_in.house.person(Role.GRADER)
    review = await opened(handed_in)
    verdict = {"kind": "essay", "marks": MARKS}

    first = await review.decide(grader, verdict, "decision-number-one")
    again = await review.decide(grader, verdict, "decision-number-one")
    await review.decision()
    other = await review.decide(grader, {"kind": "essay", "marks": MARKS[::-1]})

    assert first.json() == again.json()
    assert other.status_code == 409


async def test_who_may_take_a_review(handed_in: Sitting) -> None:
    house = handed_in.house
    grader, other, reviewer = [await house.person(role) for role in (Role.GRADER, Role.GRADER, Role.REVIEWER)]
    admin, student = await house.person(Role.ADMIN), await house.person(Role.STUDENT)
    author_too = await house.person(Role.GRADER, Role.AUTHOR)
    review = await opened(handed_in)

    assert (await review.claim(student)).status_code == 403
    assert (await review.claim(reviewer)).status_code == 403
    assert (await review.claim(grader, assignee_id=str(other.person_id))).status_code == 403
    assert (await review.claim(admin)).status_code == 403
    assert (await review.claim(admin, assignee_id=str(reviewer.person_id))).status_code == 403
    assert (await review.claim(grader)).status_code == 200
    assert (await review.claim(other)).status_code == 403
    assert (await review.decide(other, {"kind": "essay", "marks": MARKS})).status_code == 403
    assert (await review.decide(admin, {"kind": "essay", "marks": MARKS})).status_code == 403
    handed = await review.claim(admin, assignee_id=str(author_too.person_id))
    assert (handed.status_code, handed.json()["assignee_id"]) == (200, str(author_too.person_id))


async def test_who_holds_a_review_gives_it_back_and_a_colleague_takes_it(handed_in: Sitting) -> None:
    house = handed_in.house
    grader, other, reviewer = [await house.person(role) for role in (Role.GRADER, Role.GRADER, Role.REVIEWER)]
    admin, student = await house.person(Role.ADMIN), await house.person(Role.STUDENT)
    review = await opened(handed_in)

    nobody = await review.give_back(grader)
    held = (await review.claim(grader)).json()
    foreign = [(await review.give_back(one)).status_code for one in (other, reviewer, admin, student)]
    given = await review.give_back(grader, "given-back-once")
    queue = await house.client.get(f"{REVIEWS}?stage=open", headers=other.headers)
    mine = await house.client.get(f"{REVIEWS}?is_mine=true", headers=grader.headers)
    taken = await review.claim(other)
    again = await review.give_back(grader, "given-back-once")
    still = (await review.get(other)).json()
    decided = await review.decide(other, {"kind": "essay", "marks": MARKS})
    await review.decision()
    late = await review.give_back(other)

    assert (nobody.status_code, nobody.json()["type"]) == (409, "/problems/illegal_move")
    assert foreign == [403] * 4
    assert (given.status_code, given.json()["stage"], given.json()["assignee_id"]) == (200, "open", None)
    assert given.json()["escalate_at"] == held["escalate_at"]
    (item,) = queue.json()["items"]
    assert (item["review_id"], item["assignee_name"]) == (held["review_id"], None)
    assert mine.json()["items"] == []
    assert (taken.status_code, again.json()) == (200, given.json())
    assert (still["is_mine"], decided.status_code, late.status_code) == (True, 200, 409)


async def test_nobody_marks_their_own_essay(handed_in: Sitting) -> None:
    house = handed_in.house
    review = await opened(handed_in)
    self_grader = await house.with_roles(handed_in.student, Role.STUDENT, Role.GRADER)

    assert (await review.get(self_grader)).status_code == 403
    assert (await review.claim(self_grader)).status_code == 403
    assert (await review.decide(self_grader, {"kind": "essay", "marks": MARKS})).status_code == 403


async def test_a_reviewer_rules_on_the_attempts_own_incidents(handed_in: Sitting) -> None:
    house, reviewer = handed_in.house, await handed_in.house.person(Role.REVIEWER)
    incident_id = await _incident(handed_in)
    review = await opened(handed_in, ReviewKind.INTEGRITY)
    verdict: dict[str, Any] = {"kind": "integrity", "outcome": "cleared", "reason": "A call from home."}

    detail = (await review.get(reviewer)).json()
    foreign = await review.decide(
        reviewer, {**verdict, "incidents": [{"incident_id": str(new_id()), "ruling": "explained"}]}
    )
    wrong_kind = await review.decide(reviewer, {"kind": "essay", "marks": MARKS})
    decided = await review.decide(
        reviewer, {**verdict, "incidents": [{"incident_id": str(incident_id), "ruling": "explained"}]}
    )

    assert [incident["incident_id"] for incident in detail["incidents"]] == [str(incident_id)]
    assert (detail["attempt_id"], detail["essay"]) == (str(handed_in.attempt_id), None)
    assert (foreign.status_code, foreign.json()["pointer"]) == (422, "/verdict/incidents/0/incident_id")
    assert wrong_kind.status_code == 422
    assert decided.status_code == 200
    grader = await house.person(Role.GRADER)
    assert (await house.client.get(REVIEWS, headers=grader.headers)).json()["items"] == []


async def test_the_second_reviewer_is_another_person(handed_in: Sitting) -> None:
    first, second = [await handed_in.house.person(Role.REVIEWER) for _ in range(2)]
    review = await opened(handed_in, ReviewKind.INTEGRITY, subject="integrity:2", excluded=(first.person_id,))
    verdict = {"kind": "integrity", "outcome": "upheld", "reason": "A second person dictated."}

    assert (await review.get(first)).json()["needs_another_person"] is True
    assert (await review.claim(first)).status_code == 403
    assert (await review.decide(first, verdict)).status_code == 403
    assert (await review.decide(second, verdict)).status_code == 200
    assert (await review.decision()).decided_by == second.person_id


async def test_nobody_is_appointed_to_agree(handed_in: Sitting) -> None:
    house = handed_in.house
    first, friend, other = [await house.person(Role.REVIEWER) for _ in range(3)]
    verdict = {"kind": "integrity", "outcome": "upheld", "reason": "A second person dictated."}
    async with house.context.databases.users.write() as session:
        await set_roles(session, friend.person_id, [Role.PROCTOR])
    one = await opened(handed_in, ReviewKind.INTEGRITY)
    await change(house, friend, Role.PROCTOR, Role.REVIEWER)  # while the first one looks
    await change(house, other, Role.REVIEWER, Role.AUTHOR)  # was one before, and still is
    await one.decide(first, verdict)
    await one.decision()
    two = await opened(handed_in, ReviewKind.INTEGRITY, subject="integrity:2", excluded=(first.person_id,))

    claimed, decided = await two.claim(friend), await two.decide(friend, verdict)

    assert (claimed.status_code, decided.status_code) == (403, 403)
    assert "before it began" in decided.json()["detail"]
    assert (await two.decide(other, verdict)).status_code == 200


async def change(house: House, someone: Someone, *roles: Role) -> None:
    async with house.context.databases.users.write() as session:
        person = await session.get_one(Person, someone.person_id)
        await change_roles(session, person, roles, Author(new_id(), utc_now()))


async def test_an_essay_comes_by_a_candidate_number_and_nothing_else(handed_in: Sitting) -> None:
    house, grader = handed_in.house, await handed_in.house.person(Role.GRADER)
    review = await opened(handed_in)
    seen = [await review.get(grader), await review.claim(grader)]
    seen.append(await house.client.get(REVIEWS, headers=grader.headers))
    seen.append(await review.decide(grader, {"kind": "essay", "marks": MARKS}))
    await review.decision()
    seen += [
        await review.get(grader),
        await house.client.get(f"{review.path}/onward", headers=grader.headers),
    ]
    result = await house.client.get(f"{handed_in.path}/results", headers=grader.headers)

    assert [answer.status_code for answer in seen] == [200] * 6
    assert result.status_code == 404
    for answer in seen:
        for secret in (
            handed_in.student.person_id,
            handed_in.student.email,
            handed_in.attempt_id,
            "Somebody",
        ):
            assert str(secret) not in answer.text.replace('"assignee_name":"Somebody"', "")
    numbers = {seen[0].json()["candidate"], seen[1].json()["candidate"], seen[4].json()["candidate"]}
    assert len(numbers) == 1
    assert len(numbers.pop()) == 8


async def test_the_second_reviewer_sees_that_somebody_upheld_and_why(handed_in: Sitting) -> None:
    first, second = [await handed_in.house.person(Role.REVIEWER) for _ in range(2)]
    one = await opened(handed_in, ReviewKind.INTEGRITY)
    verdict = {"kind": "integrity", "outcome": "upheld", "reason": "A second person dictated."}
    assert (await one.decide(first, verdict)).status_code == 200
    await one.decision()
    two = await opened(handed_in, ReviewKind.INTEGRITY, subject="integrity:2", excluded=(first.person_id,))

    detail = (await two.get(second)).json()

    assert (detail["is_second_look"], detail["leave_after"], detail["appeal"]) == (True, "PT2S", None)
    assert (detail["earlier"]["outcome"], detail["earlier"]["reason"]) == (
        "upheld",
        "A second person dictated.",
    )
    assert (await one.get(second)).json()["earlier"] is None


async def test_the_queue_names_exam_and_holder_and_counts_what_is_done(handed_in: Sitting) -> None:
    house = handed_in.house
    grader, other = await house.person(Role.GRADER), await house.person(Role.GRADER)
    await _exam_row(handed_in)
    review = await opened(handed_in)

    async def count(person: Someone) -> dict[str, int]:
        path = f"{REVIEWS}/count?kind=essay&exam_id={handed_in.exam.exam_id}"
        found = (await house.client.get(path, headers=person.headers)).json()
        return {name: found[name] for name in ("free", "mine", "colleagues", "decided")}

    free = await count(other)
    await review.claim(grader)
    held = [await count(grader), await count(other)]
    queue = await house.client.get(f"{REVIEWS}?is_waiting=true", headers=other.headers)
    await review.decide(grader, {"kind": "essay", "marks": MARKS})
    done = await count(other)
    rest = await house.client.get(f"{REVIEWS}?is_waiting=true", headers=other.headers)

    assert free == {"free": 1, "mine": 0, "colleagues": 0, "decided": 0}
    assert held == [{**free, "free": 0, "mine": 1}, {**free, "free": 0, "colleagues": 1}]
    assert done == {**free, "free": 0, "decided": 1}
    (item,) = queue.json()["items"]
    assert (item["exam_title"], item["assignee_name"]) == (handed_in.exam.title, "Somebody")
    assert rest.json()["items"] == []


async def test_after_a_decision_one_sees_that_the_workflow_went_on(handed_in: Sitting) -> None:
    house = handed_in.house
    grader, reviewer = await house.person(Role.GRADER), await house.person(Role.REVIEWER)
    essay, conduct = await opened(handed_in), await opened(handed_in, ReviewKind.INTEGRITY)

    async def onward(review: Review, person: Someone) -> dict[str, Any]:
        found: dict[str, Any] = (
            await house.client.get(f"{review.path}/onward", headers=person.headers)
        ).json()
        return found

    before = await onward(essay, grader)
    await essay.decide(grader, {"kind": "essay", "marks": MARKS})
    await essay.decision()
    after = await onward(essay, grader)

    assert (before["is_taken_up"], before["stage"], before["still_waiting"]) == (
        False,
        "open",
        0,
    )  # whoever marks does not learn that conduct is looked at
    assert (after["is_taken_up"], after["stage"]) == (True, "decided")
    assert (after["integrity"], after["release"]) == (None, None)
    other = await onward(conduct, reviewer)
    assert (other["still_waiting"], other["integrity"]) == (0, "undetermined")
    foreign = await house.client.get(f"{conduct.path}/onward", headers=grader.headers)
    assert foreign.status_code == 403


async def test_an_unknown_review_is_not_found(live_desk: House) -> None:
    grader = await live_desk.person(Role.GRADER)

    assert (await live_desk.client.get(f"{REVIEWS}/{new_id()}", headers=grader.headers)).status_code == 404


async def _incident(sitting: Sitting) -> UUID:
    incident_id, now = new_id(), sitting.house.clock()
    async with sitting.house.context.databases.monitoring.write() as session:
        session.add(
            IncidentRow(
                incident_id=incident_id,
                attempt_id=sitting.attempt_id,
                kind="tab_change",
                severity="medium",
                opening_offset=1,
                started_at=now,
                confidence=1.0,
                rule="The tab was hidden.",
                model="rules-1",
                created_at=now,
            )
        )
    return incident_id


async def _exam_row(sitting: Sitting) -> None:
    exam, now = sitting.exam, sitting.house.clock()
    async with sitting.house.context.databases.reservations.write() as session:
        session.add(
            ExamRow(
                exam_id=exam.exam_id,
                organisation_id=exam.organisation_id,
                author_id=exam.author_id,
                title=exam.title,
                is_published=True,
                version=exam.version,
                created_at=now,
                updated_at=now,
            )
        )
