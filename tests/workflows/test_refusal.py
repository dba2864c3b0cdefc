"""The tables hold at the running workflow too: whatever they do not allow is refused with its reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from schema import lifecycle as m
from schema.attempt import ATTEMPT, Phase, Verb
from schema.exam import CheckInStep
from schema.ids import new_id
from schema.machine import ActorRole
from schema.outage.giving import ReturnTime
from schema.outage.interval import Interval
from tests.workflows.story import Story, slot_from

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)

COMMANDS: dict[Verb, tuple[type[m.Command], dict[str, Any]]] = {
    Verb.CONFIRM: (m.Confirm, {}),
    Verb.CANCEL: (m.Cancel, {}),
    Verb.BEGIN_CHECK_IN: (m.BeginCheckIn, {}),
    Verb.COMPLETE_CHECK_IN: (m.RecordCheckIn, {"step": CheckInStep.CONSENT}),
    Verb.ADMIT: (m.Admit, {}),
    Verb.SEND_BACK: (m.SendBack, {"step": CheckInStep.CAMERA, "reason": "dark"}),
    Verb.REFUSE: (m.Refuse, {"reason": "no"}),
    Verb.START: (m.Start, {}),
    Verb.EXTEND: (m.Extend, {"by": timedelta(minutes=1)}),
    Verb.RETURN_TIME: (ReturnTime, {"lost": Interval(start=NINE, end=NINE), "cause": "a test"}),
    Verb.PAUSE: (m.Pause, {"reason": "alarm"}),
    Verb.COME_BACK: (m.ComeBack, {}),
    Verb.RESUME: (m.Resume, {}),
    Verb.SUBMIT: (m.Submit, {}),
    Verb.TERMINATE: (m.Terminate, {"reason": "left"}),
    Verb.REACTIVATE: (m.Reactivate, {"reason": "wrong"}),
    Verb.VOID: (m.Void, {"reason": "mistake"}),
}
ROLES = (ActorRole.STUDENT, ActorRole.PROCTOR, ActorRole.GRADER, ActorRole.ADMIN)


@pytest.mark.parametrize(
    "phase",
    [Phase.HELD, Phase.RESERVED, Phase.AWAITING_ADMISSION, Phase.IN_PROGRESS, Phase.PAUSED, Phase.TERMINATED],
)
async def test_what_the_table_does_not_allow_is_refused(story: Story, phase: Phase) -> None:
    before = await story.go_to(phase)
    allowed = {(move.verb, role) for move in ATTEMPT.moves if move.source is phase for role in move.actors}

    for verb, (command, fields) in COMMANDS.items():
        for role in ROLES:
            if (verb, role) in allowed:
                continue
            with pytest.raises(WorkflowUpdateFailedError) as refused:
                await story.do(command, role=role, **fields)
            assert isinstance(refused.value.cause, ApplicationError)
            assert refused.value.cause.type == "illegal_move"
            assert ATTEMPT.words[phase] in refused.value.cause.message

    assert await story.view() == before


async def test_a_refused_command_leaves_no_trace_in_the_history(story: Story) -> None:
    await story.go_to(Phase.RESERVED)
    await story.until_told("reserved")
    before = len((await story.workflow.fetch_history()).events)

    for _ in range(3):
        with pytest.raises(WorkflowUpdateFailedError):
            await story.do(m.MoveSlot, role=ActorRole.PROCTOR, slot=slot_from(story.now + timedelta(days=9)))
        with pytest.raises(WorkflowUpdateFailedError):
            await story.do(m.Appeal, appeal_id=new_id())
    history = await story.workflow.fetch_history()

    assert not [
        e
        for e in history.events[before:]
        if e.HasField("workflow_execution_update_accepted_event_attributes")
    ]
