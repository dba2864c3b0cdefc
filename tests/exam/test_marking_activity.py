"""Rounds of marking over both worlds of ports: written once, whatever runs again and when."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.marking import MarkingActivities
from schema.db.session import Databases
from schema.events import Source
from schema.exam import Essay, Exam
from schema.failures import Failure, FailureType
from schema.grading import Answer, AnswerValue, CriterionMark, TextAnswer, TruthAnswer
from schema.ids import new_id
from schema.lifecycle import WindowProjection
from schema.review import EssayVerdict, ReviewDecision
from schema.task import CompleteRound, EssayMarked, GradingInput
from tests.contracts.builder import NOON
from tests.contracts.memory_world import MemoryWorld
from tests.contracts.sql_world import SqlWorld
from tests.contracts.world import World, told
from tests.db.database import copy_of, make_template
from tests.exam.builder import essay, exam_of, numeric, true_false

D = Decimal


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(params=["memory", "sqlite"])
async def world(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> AsyncIterator[World]:
    if request.param == "memory":
        yield MemoryWorld()
        return
    databases = Databases.open(copy_of(template, tmp_path / "db"))
    yield SqlWorld(databases)
    await databases.close()


@pytest.fixture
def marking(world: World) -> MarkingActivities:
    return MarkingActivities(world.books.exams, world.books.answers, world.books.marks)


class Sitting:
    """An attempt with an exam of a statement, two essays and a number."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.exam: Exam = exam_of([true_false(points="2"), essay("3", "2")], [numeric(), essay("1")])
        self.grading = GradingInput(
            attempt_id=new_id(),
            organisation_id=self.exam.organisation_id,
            exam_id=self.exam.exam_id,
            exam_version=self.exam.version,
            student_id=new_id(),
            cohort_id=None,
            round_number=1,
            pass_mark=D(50),
            remind_after=timedelta(days=1),
            escalate_after=timedelta(days=3),
        )
        self._revision = 0

    async def begin(self) -> None:
        """Store the exam and open the window of answers."""
        await self.world.add_exam(self.exam)
        window = WindowProjection(
            attempt_id=self.grading.attempt_id,
            exam_id=self.grading.exam_id,
            student_id=self.grading.student_id,
            organisation_id=self.grading.organisation_id,
            version=1,
            is_open=True,
            started_at=NOON,
            deadline_at=NOON + timedelta(hours=1),
            stopped_at=None,
            clock_version=1,
        )
        await self.world.books.windows.project(window)

    async def answer(self, place: int, value: AnswerValue) -> None:
        """Answer the question at this place of the exam."""
        self._revision += 1
        await self.world.books.answers.save(
            Answer(
                attempt_id=self.grading.attempt_id,
                question_id=self.exam.questions[place].question_id,
                epoch=1,
                revision=self._revision,
                value=value,
                answered_at=NOON + timedelta(minutes=1),
                received_at=NOON + timedelta(minutes=1),
            )
        )

    def graded(self, place: int, *earned: str) -> EssayMarked:
        """A grader's marks for the essay at this place."""
        question = self.exam.questions[place]
        assert isinstance(question, Essay)
        marks = tuple(
            CriterionMark(key=line.key, earned=D(given))
            for line, given in zip(question.rubric, earned, strict=True)
        )
        decision = ReviewDecision(
            review_id=new_id(), decided_by=new_id(), decided_at=NOON, verdict=EssayVerdict(marks=marks)
        )
        return EssayMarked(grading=self.grading, question_id=question.question_id, decision=decision)


@pytest.fixture
async def sitting(world: World) -> Sitting:
    made = Sitting(world)
    await made.begin()
    return made


async def test_a_round_from_answers_to_its_total(sitting: Sitting, marking: MarkingActivities) -> None:
    await sitting.answer(0, TruthAnswer(value=True))
    await sitting.answer(1, TextAnswer(text="Because."))

    left = await ActivityEnvironment().run(marking.mark_automatically, sitting.grading)
    await ActivityEnvironment().run(marking.write_essay, sitting.graded(1, "2.5", "1"))
    done = CompleteRound(grading=sitting.grading, at=NOON)
    result = await ActivityEnvironment().run(marking.complete_round, done)

    assert left.manual == (sitting.exam.questions[1].question_id,)
    assert (result.earned, result.points, result.percent, result.passed) == (
        D("5.5"),
        D(9),
        D("61.111"),
        True,
    )
    items = {
        item.question_id: item
        for item in await sitting.world.books.marks.items(sitting.grading.attempt_id, 1)
    }
    assert [items[q.question_id].earned for q in sitting.exam.questions] == [D(2), D("3.5"), D(0), D(0)]
    assert items[sitting.exam.questions[3].question_id].by == "automatic"


async def test_essays_are_left_to_people_in_the_exams_order(
    sitting: Sitting, marking: MarkingActivities
) -> None:
    for place in (3, 1):
        await sitting.answer(place, TextAnswer(text="Because."))

    left = await marking.mark_automatically(sitting.grading)

    assert left.manual == tuple(sitting.exam.questions[place].question_id for place in (1, 3))


async def test_running_again_changes_nothing(sitting: Sitting, marking: MarkingActivities) -> None:
    await sitting.answer(0, TruthAnswer(value=False))
    await sitting.answer(1, TextAnswer(text="Because."))
    first = await marking.mark_automatically(sitting.grading)
    await marking.write_essay(sitting.graded(1, "3", "2"))
    await sitting.answer(0, TruthAnswer(value=True))

    again = await marking.mark_automatically(sitting.grading)
    await marking.write_essay(sitting.graded(1, "0", "0"))
    done = CompleteRound(grading=sitting.grading, at=NOON)
    results = [await marking.complete_round(done) for _ in range(2)]

    assert again == first
    assert [result.earned for result in results] == [D(5), D(5)]
    completed = [e for e in await told(sitting.world, Source.CORRECTIONS) if e.type == "grading_completed"]
    assert len(completed) == 1


async def test_a_new_round_marks_anew(sitting: Sitting, marking: MarkingActivities) -> None:
    await marking.mark_automatically(sitting.grading)
    await sitting.answer(0, TruthAnswer(value=True))
    second = sitting.grading.model_copy(update={"round_number": 2})

    await marking.mark_automatically(second)

    results = [
        await marking.complete_round(CompleteRound(grading=grading, at=NOON))
        for grading in (sitting.grading, second)
    ]
    assert [result.earned for result in results] == [D(0), D(2)]


async def test_a_round_that_awaits_a_grader_is_not_complete(
    sitting: Sitting, marking: MarkingActivities
) -> None:
    await sitting.answer(1, TextAnswer(text="Because."))
    await marking.mark_automatically(sitting.grading)

    with pytest.raises(Failure) as caught:
        await marking.complete_round(CompleteRound(grading=sitting.grading, at=NOON))

    assert caught.value.type is FailureType.CONFLICT


async def test_marks_that_do_not_fit_the_rubric_are_refused(
    sitting: Sitting, marking: MarkingActivities
) -> None:
    await sitting.answer(1, TextAnswer(text="Because."))
    await marking.mark_automatically(sitting.grading)

    with pytest.raises(Failure) as caught:
        await marking.write_essay(sitting.graded(1, "3.5", "2"))

    assert caught.value.type is FailureType.INVALID


async def test_an_unknown_version_of_an_exam_is_not_found(
    sitting: Sitting, marking: MarkingActivities
) -> None:
    with pytest.raises(Failure) as caught:
        await marking.mark_automatically(sitting.grading.model_copy(update={"exam_version": 9}))

    assert caught.value.type is FailureType.NOT_FOUND
