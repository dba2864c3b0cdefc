"""The streaming sink's transforms: what counts as an event, where it goes, and what a batch leaves in the lake."""

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from batch.workplace import Workplace
from schema.event_model import checked_event
from schema.events import PAYLOADS, Envelope, ItemScore, RuledIncident, Source, Topic
from streaming.event_sieve import sieved
from streaming.lake_batch import LakeBatch
from tests.spark.event_maker import DAY, at, grading, ident
from tests.spark.telling import lake_of

NO_TEXT = b"\xff\xfe{}"
MESSAGES = "key binary, value binary, topic string, partition int, offset bigint"
SOME: dict[str, Any] = {
    "Counting": "best",
    "UUID": str(ident("an id")),
    "datetime": datetime(2026, 11, 18, 9, tzinfo=UTC).isoformat(),
    "IncidentKind": "tab_change",
    "Severity": "medium",
    "ActorRole": "student",
    "Decimal": "1.50",
    "int": 3,
    "float": 0.5,
    "bool": True,
    "str": "a word, { and }",
    "tuple[schema.events.ItemScore, ...]": [
        ItemScore(question_id=ident("q"), earned=Decimal(1), points=Decimal(2)).model_dump(mode="json")
    ],
    "tuple[schema.events.RuledIncident, ...]": [
        RuledIncident(incident_id=ident("i"), ruling="confirmed").model_dump(mode="json")
    ],
}

Message = tuple[str, bytes | None, bytes | None]


def an_event(topic: Topic) -> dict[str, Any]:
    """With every field of its data filled."""
    data = {name: _filled(field.annotation) for name, field in PAYLOADS[topic].model_fields.items()}
    envelope = Envelope(
        event_id=ident(topic), type=topic, occurred_at=at(9), organisation_id=ident("o"), attempt_id=ident("a"),
        exam_id=ident("e"), student_id=ident("s"), source=Source.MONITORING, sequence=1, data=data,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(envelope.model_dump_json())
    return found


def _filled(annotation: Any) -> Any:
    name = str(getattr(annotation, "__name__", "")) if not getattr(annotation, "__args__", None) else ""
    if not name or name == "tuple":
        name = (
            str(annotation).removesuffix(" | None").rpartition(".")[2]
            if " | None" in str(annotation)
            else str(annotation)
        )
    return SOME[name]


def rows(spark: SparkSession, *messages: Message) -> DataFrame:
    told = [(key, value, topic, 0, number) for number, (topic, key, value) in enumerate(messages)]
    return sieved(spark.createDataFrame(told, MESSAGES))


def message(event: dict[str, Any], *, topic: str | None = None, key: str | None = None) -> Message:
    return topic or event["type"], (key or event["attempt_id"]).encode(), json.dumps(event).encode()


def bad_messages() -> list[Message]:
    """What the product's own check refuses as well."""
    bad: list[Message] = []
    for topic in Topic:
        event = an_event(topic)
        data = event["data"]
        required = next(name for name, field in PAYLOADS[topic].model_fields.items() if field.is_required())
        bad += [
            message({**event, "data": {name: value for name, value in data.items() if name != required}}),
            message({**event, "data": {**data, required: None}}),
            message({**event, "data": {**data, "surprise": 1}}),
        ]
    one = an_event(Topic.EXAM_SUBMITTED)
    wrong = {
        "event_id": "7",
        "occurred_at": "yesterday",
        "sequence": None,
        "source": "elsewhere",
        "cohort_id": "none",
    }
    bad += [message({**one, name: value}) for name, value in wrong.items()]
    bad += [
        message({name: value for name, value in one.items() if name != gone}) for gone in ("exam_id", "data")
    ]
    text, key = json.dumps(one), one["attempt_id"].encode()
    broken = (text[:-9], text * 2, f"{text},{text}", f"[{text}]", f"{text} and more", "", "null", "7")
    bad += [("exam_submitted", key, value.encode()) for value in broken]
    bad += [("exam_submitted", key, None), ("exam_submitted", key, NO_TEXT)]
    bad += [message(one, topic="exam_cancelled")]
    return bad


def test_spark_takes_for_an_event_what_the_product_does_and_the_rest_whole_into_quarantine(
    spark: SparkSession,
) -> None:
    """In one run: Spark needs longer to make its plan than for the messages."""
    events, bad = [an_event(topic) for topic in Topic], bad_messages()
    foreign = message(events[0], key="somebody else")
    for event in events:
        checked_event(Topic(event["type"]), json.dumps(event))
    for topic, _, value in bad:
        with pytest.raises(ValueError, match=r".+"):
            checked_event(Topic(topic), value or b"")

    found = rows(spark, *map(message, events), *bad, foreign).collect()

    good, kept, its_key = found[: len(events)], found[len(events) : -1], found[-1]
    assert [(row.topic, row.is_bad, row.folder) for row in good] == [
        (topic.value, False, f"raw/events/{topic}/2026/11/18") for topic in Topic
    ]
    assert [json.loads(row.line) for row in good] == events
    assert [row.offset for row in kept if not row.is_bad] == []
    assert [row.folder for row in kept] == [f"quarantine/events/{topic}" for topic, _, _ in bad]
    told = [json.loads(row.line) for row in kept]
    assert [one.get("text") for one in told if "base64" not in one] == [
        None if value is None else value.decode() for _, _, value in bad if value != NO_TEXT
    ]
    assert [base64.b64decode(one["base64"]) for one in told if "base64" in one] == [NO_TEXT]
    assert all(one["why"] and one["place"] == f"0-{row.offset}" for one, row in zip(told, kept, strict=True))
    assert json.loads(its_key.line)["why"] == "its key is not its attempt"


def test_a_batch_that_comes_again_leaves_the_same_files(place: Workplace, spark: SparkSession) -> None:
    one, late = grading([1], at(9), attempt="one"), grading([2], at(23, day=17), attempt="two")
    pretty = json.dumps(json.loads(late.model_dump_json()), indent=1)
    batch = LakeBatch(spark, place.lake_url, f"{place.lake_url}/aside", "abc-7")
    told = [
        ("grading_completed", str(one.attempt_id).encode(), one.model_dump_json().encode()),
        ("grading_completed", str(late.attempt_id).encode(), pretty.encode()),
        ("exam_submitted", b"", b"{half"),
    ]

    batch.write(rows(spark, *told))
    before = files(place)
    batch.write(rows(spark, *told))

    assert files(place) == before
    assert set(before) == {
        f"raw/events/grading_completed/{DAY:%Y/%m/%d}/events-abc-7.jsonl",
        f"raw/events/grading_completed/{DAY:%Y/%m}/17/events-abc-7.jsonl",
        "quarantine/events/exam_submitted/events-abc-7.jsonl",
    }
    read = place.files.lines(Topic.GRADING_COMPLETED, [DAY, late.occurred_at.date()]).collect()
    assert sorted(json.loads(row.line)["event_id"] for row in read) == sorted(
        str(event.event_id) for event in (one, late)
    )


def files(place: Workplace) -> dict[str, bytes]:
    lake: Path = lake_of(place)
    return {str(path.relative_to(lake)): path.read_bytes() for path in lake.rglob("*") if path.is_file()}
