"""MarkBook: written marks stand, and a round is told of once, when every item has its mark."""

from decimal import Decimal
from typing import Any

import pytest

from schema.events import Source
from schema.failures import Failure, FailureType
from schema.grading import CriterionMark
from schema.ids import new_id
from schema.review import EssayVerdict, ReviewDecision
from schema.sitting.rule import Counting
from schema.task import CompleteRound, EssayMarked
from tests.contracts.builder import NOON, SECOND, a_grading, a_mark, a_window, an_answer
from tests.contracts.world import World, told


def essay_marked(grading: object, question_id: object) -> EssayMarked:
    verdict = EssayVerdict(marks=(CriterionMark(key="a", earned=Decimal(1)),))
    decision = ReviewDecision(review_id=new_id(), decided_by=new_id(), decided_at=NOON, verdict=verdict)
    return EssayMarked.model_validate({"grading": grading, "question_id": question_id, "decision": decision})


async def test_a_written_item_is_not_changed(world: World) -> None:
    grading, question = a_grading(new_id()), new_id()
    await world.books.marks.write_round(grading, [a_mark(question, "2")], [])

    await world.books.marks.write_round(grading, [a_mark(question, "0"), a_mark(new_id(), "1")], [])

    items = await world.books.marks.items(grading.attempt_id, 1)
    assert {item.earned for item in items} == {Decimal(2), Decimal(1)}
    assert await world.books.marks.items(grading.attempt_id, 2) == []


async def test_a_round_waits_for_its_essays(world: World) -> None:
    grading, essay = a_grading(new_id()), new_id()
    await world.books.marks.write_round(grading, [a_mark(new_id(), "2"), a_mark(essay, None)], [])
    request = CompleteRound(grading=grading, at=NOON)

    with pytest.raises(Failure, match="awaits marks for 1 question") as refused:
        await world.books.marks.complete(request)
    await world.books.marks.write_essay(essay_marked(grading, essay), a_mark(essay, "1"))
    result = await world.books.marks.complete(request)

    assert refused.value.type is FailureType.CONFLICT
    assert refused.value.extra["question_ids"] == [str(essay)]
    assert (result.earned, result.points, result.percent) == (Decimal(3), Decimal(4), Decimal(75))
    assert result.passed


async def test_a_graders_mark_stands(world: World) -> None:
    grading, essay = a_grading(new_id()), new_id()
    await world.books.marks.write_round(grading, [a_mark(essay, None)], [])
    await world.books.marks.write_essay(essay_marked(grading, essay), a_mark(essay, "1"))

    await world.books.marks.write_essay(essay_marked(grading, essay), a_mark(essay, "2"))

    (item,) = await world.books.marks.items(grading.attempt_id, 1)
    assert item.earned == Decimal(1)


async def test_an_event_says_whether_the_sitting_counts(world: World) -> None:
    exam_id, student_id, told_of = new_id(), new_id(), []
    for number, earned in enumerate(("1", "2", "0")):
        facts: dict[str, Any] = {"exam_id": exam_id, "student_id": student_id}
        grading = a_grading(new_id()).model_copy(update={**facts, "counting": Counting.BEST})
        began = NOON + number * SECOND
        await world.books.windows.project(a_window(grading.attempt_id, started_at=began, **facts))
        await world.books.marks.write_round(grading, [a_mark(new_id(), earned)], [])
        await world.books.marks.complete(CompleteRound(grading=grading, at=NOON + number * SECOND))
        told_of.append(grading.attempt_id)

    events = {event.attempt_id: event.data for event in await told(world, Source.CORRECTIONS)}
    said = [(events[one]["counting"], events[one]["sitting"], events[one]["counts"]) for one in told_of]

    assert said == [("best", 1, True), ("best", 2, True), ("best", 3, False)]


async def test_without_a_rule_an_event_says_nothing_of_sittings(world: World) -> None:
    grading = a_grading(new_id())
    await world.books.windows.project(a_window(grading.attempt_id))
    await world.books.marks.write_round(grading, [a_mark(new_id(), "1")], [])
    await world.books.marks.complete(CompleteRound(grading=grading, at=NOON))

    (event,) = await told(world, Source.CORRECTIONS)

    assert (event.data["counting"], event.data["sitting"], event.data["counts"]) == (None, None, None)


async def test_completing_again_gives_the_same_result_and_tells_once(world: World) -> None:
    attempt_id, question = new_id(), new_id()
    grading = a_grading(attempt_id)
    await world.books.windows.project(a_window(attempt_id))
    answer = an_answer(attempt_id, NOON + 30 * SECOND, question_id=question)
    await world.books.answers.save(answer, max_seconds=20)
    await world.books.marks.write_round(grading, [a_mark(question, "0.667")], [answer])

    results = [
        await world.books.marks.complete(CompleteRound(grading=grading, at=at))
        for at in (NOON, NOON + SECOND)
    ]

    assert results[0] == results[1]
    (event,) = await told(world, Source.CORRECTIONS)
    assert (event.type, event.occurred_at, event.cohort_id) == ("grading_completed", NOON, grading.cohort_id)
    assert event.data["items"] == [
        {"question_id": str(question), "earned": "0.667", "points": "2", "seconds": 20}
    ]


async def test_what_is_not_there_is_not_found(world: World) -> None:
    grading = a_grading(new_id())

    with pytest.raises(Failure) as no_round:
        await world.books.marks.complete(CompleteRound(grading=grading, at=NOON))
    with pytest.raises(Failure) as no_item:
        await world.books.marks.write_essay(essay_marked(grading, new_id()), a_mark(new_id(), "1"))

    assert {no_round.value.type, no_item.value.type} == {FailureType.NOT_FOUND}


async def test_a_round_that_carries_over_keeps_what_a_grader_gave_for_the_same_answer(world: World) -> None:
    grading, same, changed = a_grading(new_id()), new_id(), new_id()
    essays = [a_mark(same, None), a_mark(changed, None)]
    answers = [an_answer(grading.attempt_id, question_id=question) for question in (same, changed)]
    await world.books.marks.write_round(grading, essays, answers)
    for question in (same, changed):
        by_grader = a_mark(question, "1").model_copy(update={"by": "grader"})
        await world.books.marks.write_essay(essay_marked(grading, question), by_grader)
    late = an_answer(grading.attempt_id, question_id=changed, revision=2, text="and more")

    again = grading.model_copy(update={"round_number": 2, "carries_over": True})
    await world.books.marks.write_round(again, essays, [answers[0], late])

    items = await world.books.marks.items(grading.attempt_id, 2)
    assert {item.question_id: item.earned for item in items} == {same: Decimal(1), changed: None}
