"""The JSON Schemas in the tree are what the models say, and both refuse the same events."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schema.event_model import checked_event
from schema.events import Envelope, Topic
from schema.ids import new_id
from schema.json_schema import FOLDER, schema_text, write


def an_alert(**changes: Any) -> dict[str, Any]:
    ids = ("event_id", "organisation_id", "attempt_id", "exam_id", "student_id")
    data = {"incident_id": str(new_id()), "kind": "face_absent", "risk": 20.5}
    facts = {"type": "high_risk_alert", "occurred_at": "2026-11-22T12:00:00Z", "source": "monitoring"}
    return {**{name: str(new_id()) for name in ids}, **facts, "sequence": 1, "data": data, **changes}


@pytest.mark.parametrize("topic", Topic)
def test_the_committed_schema_is_what_the_models_generate(topic: Topic) -> None:
    """If it is not: python -m schema.json_schema."""
    assert (FOLDER / f"{topic}.json").read_text(encoding="utf-8") == schema_text(topic)


def test_one_schema_per_topic_and_no_other(tmp_path: Path) -> None:
    write(tmp_path)

    names = {f"{topic}.json" for topic in Topic}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert {path.name for path in FOLDER.iterdir()} == names


@pytest.mark.parametrize("topic", Topic)
def test_a_schema_is_of_its_topic_only(topic: Topic) -> None:
    schema = json.loads(schema_text(topic))

    assert schema["properties"]["type"]["const"] == topic
    assert schema["additionalProperties"] is False
    assert {"event_id", "attempt_id", "sequence", "data"} <= set(schema["required"])


def test_a_good_event_is_read() -> None:
    told = an_alert()

    event = checked_event(Topic.HIGH_RISK_ALERT, json.dumps(told))

    assert event == Envelope.model_validate(told)
    assert event.data == told["data"]


@pytest.mark.parametrize(
    "told",
    [
        an_alert(type="incident_closed"),
        an_alert(data={}),
        an_alert(data={**an_alert()["data"], "name": "Ada"}),
        an_alert(data={**an_alert()["data"], "kind": "boredom"}),
        an_alert(event_id="7"),
        an_alert(color="red"),
    ],
    ids=["another topic", "no data", "unknown data", "unknown kind", "no id", "unknown field"],
)
def test_a_bad_event_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        checked_event(Topic.HIGH_RISK_ALERT, json.dumps(told))
