"""One act on many attempts: each is asked once, each answer is kept, and nothing said stands in the history."""

import asyncio
import base64
import json
import re
from datetime import timedelta

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from schema import lifecycle as m
from schema.attempt import Phase
from schema.cohort import CohortProgress, CohortVerb, Operation
from schema.failures import FailureType
from schema.ids import cohort_workflow_id, new_id
from schema.lifecycle import AttemptView
from schema.queue import SearchName
from tests.workflows.cohort import SAID, an_operation, ask_many, started
from tests.workflows.fingerprint import fingerprint
from tests.workflows.recording import FINGERPRINTS, soon
from tests.workflows.server import development
from tests.workflows.story import Story
from tests.workflows.worker import working
from tests.workflows.world import World

FIVE_MINUTES = timedelta(minutes=5)


async def writing(env: WorkflowEnvironment, world: World, phase: Phase = Phase.IN_PROGRESS) -> Story:
    """Another attempt at an exam that begins now."""
    story = soon(await Story.begin(env, world))
    await story.go_to(phase)
    return story


def said_in(history: WorkflowHistory) -> str:
    """The history with its payloads in plain."""
    text = history.to_json()
    payloads = [base64.b64decode(data).decode() for data in re.findall(r'"data": "([^"]+)"', text)]
    assert payloads
    return "\n".join([text, *payloads])


def deadline(view: AttemptView) -> float:
    assert view.deadline_at is not None
    return view.deadline_at.timestamp()


async def test_each_attempt_acknowledges_or_says_why_not(server: WorkflowEnvironment, world: World) -> None:
    async with working(server.client, world):
        one, two, waiting = await asyncio.gather(
            writing(server, world), writing(server, world), writing(server, world, Phase.HELD)
        )
        before = [deadline(await story.view()) for story in (one, two)]
        operation = an_operation(one, CohortVerb.EXTEND)
        asked = [story.attempt.attempt_id for story in (one, two, waiting)]

        progress = await (await started(one, operation, [*asked, absent := new_id()])).result()

        assert progress == CohortProgress(after=4, done=2, refused=2)
        after = [deadline(await story.view()) for story in (one, two)]
        assert [late - early for early, late in zip(before, after, strict=True)] == [300.0, 300.0]
    found = [
        await world.operations.acknowledgement(operation.operation_id, attempt_id)
        for attempt_id in (*asked, absent)
    ]
    answers = [known for known in found if known]
    assert [known.state for known in answers] == ["done", "done", "refused", "refused"]
    assert [known.type for known in answers] == ["", "", "illegal_move", "conflict"]
    assert "holds a seat" in answers[2].why
    assert "this attempt is over" in answers[3].why
    assert world.operations.finished == {operation.operation_id}


async def test_many_pause_and_go_on(server: WorkflowEnvironment, world: World) -> None:
    async with working(server.client, world):
        both = await asyncio.gather(writing(server, world), writing(server, world))
        every = [story.attempt.attempt_id for story in both]

        await ask_many(both[0], CohortVerb.PAUSE, every)
        paused = [(await story.view()).phase for story in both]
        await ask_many(both[0], CohortVerb.RESUME, every)
        for story in both:
            await story.do(m.ComeBack)

        assert paused == ["paused", "paused"]
        assert [(await story.view()).phase for story in both] == ["in_progress", "in_progress"]


async def test_an_answer_that_is_lost_extends_nobody_twice(server: WorkflowEnvironment, world: World) -> None:
    """A worker that dies between the update and its book asks again, with the same id."""
    async with working(server.client, world):
        story = await writing(server, world)
        before = deadline(await story.view())
        world.trouble["answer"] = 3

        operation = await ask_many(story, CohortVerb.EXTEND, [story.attempt.attempt_id])

        assert world.trouble["answer"] == 0
        assert deadline(await story.view()) - before == FIVE_MINUTES.total_seconds()
    known = await world.operations.acknowledgement(operation.operation_id, story.attempt.attempt_id)
    assert known is not None
    assert known.state == "done"


async def test_workers_that_were_away_go_on_where_the_book_stands(
    server: WorkflowEnvironment, world: World
) -> None:
    async with working(server.client, world):
        both = await asyncio.gather(writing(server, world), writing(server, world))
        before = [deadline(await story.view()) for story in both]
    handle = await started(
        both[0], an_operation(both[0], CohortVerb.EXTEND), [story.attempt.attempt_id for story in both]
    )

    async with working(server.client, world):
        progress = await handle.result()
        after = [deadline(await story.view()) for story in both]

    assert progress.done == 2
    assert [late - early for early, late in zip(before, after, strict=True)] == [300.0, 300.0]


async def test_who_does_not_answer_is_told_as_one(skipping: WorkflowEnvironment, world: World) -> None:
    async with working(skipping.client, world):
        story = await Story.begin(skipping, world)
        world.trouble["ask"] = 1_000_000

        operation = await ask_many(story, CohortVerb.PAUSE, [silent := new_id()])

    known = await world.operations.acknowledgement(operation.operation_id, silent)
    assert known is not None
    assert (known.state, known.type) == ("unanswered", FailureType.UNAVAILABLE)
    assert "look at the attempt" in known.why


async def test_a_long_list_continues_as_new_and_asks_everybody_once(world: World) -> None:
    async with development("limit.historyCount.suggestContinueAsNew=20") as env, working(env.client, world):
        story = await Story.begin(env, world)
        operation = an_operation(story, CohortVerb.PAUSE)

        handle = await started(story, operation, [new_id() for _ in range(25)], batch=10)
        progress = await handle.result()

        last = await env.client.get_workflow_handle(handle.id).describe()
        assert progress == CohortProgress(after=25, refused=25)
        assert last.run_id != handle.first_execution_run_id


async def test_operators_see_the_story_and_no_word_of_people(
    server: WorkflowEnvironment, world: World
) -> None:
    async with working(server.client, world):
        story = await writing(server, world)
        operation = await told(story)
        handle = server.client.get_workflow_handle(
            cohort_workflow_id(operation.exam_id, operation.operation_id)
        )
        history = await handle.fetch_history()
        described = await handle.describe()

    attributes = {pair.key.name: pair.value for pair in described.typed_search_attributes}
    assert attributes[SearchName.EXAM] == str(story.attempt.exam_id)
    said = said_in(history)
    assert str(operation.operation_id) in said
    assert SAID not in said
    committed = json.loads(FINGERPRINTS.read_text(encoding="utf-8"))
    assert fingerprint(history) == committed["helped-cohort-1"]


async def told(story: Story) -> Operation:
    """As it was recorded."""
    return await ask_many(story, CohortVerb.EXTEND, (story.attempt.attempt_id, new_id()))
