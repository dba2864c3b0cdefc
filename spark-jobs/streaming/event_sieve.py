"""Messages of Kafka become lines of the lake: events in their topic's day, the rest in quarantine. Pure transforms."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from batch.event_check import UUID_PATTERN
from schema.events import PAYLOADS, Source, Topic
from streaming.data_shape import is_right, shape_of

BROKEN = "broken_json"

_IDS = ("event_id", "organisation_id", "attempt_id", "exam_id", "student_id")
# `data` stays JSON here: its shape depends on the topic.
_ENVELOPE = """array<struct<
    event_id: string, type: string, version: int, occurred_at: string, organisation_id: string, attempt_id: string,
    exam_id: string, student_id: string, cohort_id: string, source: string, sequence: bigint, data: string
>>"""


def sieved(messages: DataFrame) -> DataFrame:
    """Kafka's rows (key, value, topic, partition, offset) in; one row each of folder, line, topic, is_bad out.

    `folder` is below the lake: raw/events/{topic}/{year}/{month}/{day} by the day when the event occurred (UTC),
    as the product's own sinks have it, or quarantine/events/{topic}. `line` has no line break in it.
    """
    told = messages.withColumn("text", F.col("value").cast("string"))
    # In brackets: more than one object, or anything after it, is then no array of one event.
    parsed = told.withColumn("events", F.from_json(F.concat(F.lit("["), "text", F.lit("]")), _ENVELOPE))
    read = parsed.withColumn("event", F.get("events", F.lit(0)))
    timed = read.withColumn("happened_at", F.try_to_timestamp("event.occurred_at"))
    judged = timed.withColumn("problem", _problem())
    is_bad = F.col("problem").isNotNull()
    day = F.date_format("happened_at", "yyyy/MM/dd")
    good = F.concat(F.lit("raw/events/"), "topic", F.lit("/"), day)
    return judged.select(
        F.when(is_bad, F.concat(F.lit("quarantine/events/"), "topic")).otherwise(good).alias("folder"),
        F.when(is_bad, _kept()).otherwise(_on_one_line("text")).alias("line"),
        "topic", "partition", "offset", is_bad.alias("is_bad"),
    )  # fmt: skip


def _problem() -> Column:
    one_event = (F.size("events") == 1) & F.col("event.event_id").isNotNull()
    findings = [
        (F.is_valid_utf8("value"), "not text in UTF-8"),
        (F.trim("text").startswith("{") & one_event, "not one event in JSON"),
        (F.col("event.type") == F.col("topic"), "an event of another topic"),
        (_ids_are_right(), "an id is missing or wrong"),
        (F.col("event.source").isin([source.value for source in Source]), "its source is not known"),
        (F.col("event.sequence").isNotNull(), "its sequence is missing or no number"),
        (F.col("happened_at").isNotNull(), "occurred_at is no instant"),
        (F.col("key").cast("string") == F.col("event.attempt_id"), "its key is not its attempt"),
        (_data_are_right(), "its data are incomplete or not known"),
    ]
    return F.coalesce(*(F.when(~F.coalesce(holds, F.lit(False)), F.lit(said)) for holds, said in findings))


def _ids_are_right() -> Column:
    right = F.col("event.cohort_id").isNull() | F.col("event.cohort_id").rlike(UUID_PATTERN)
    for name in _IDS:
        right = right & F.col(f"event.{name}").rlike(UUID_PATTERN)
    return right


def _data_are_right() -> Column:
    right = F.lit(False)
    for topic in Topic:
        right = F.when(F.col("topic") == topic.value, _fit(topic)).otherwise(right)
    return right


def _fit(topic: Topic) -> Column:
    model = PAYLOADS[topic]
    data = F.col("event.data")
    shape = f"{shape_of(model)}, {BROKEN} string"
    read = F.from_json(data, shape, {"columnNameOfCorruptRecord": BROKEN})
    known = F.array(*(F.lit(name) for name in model.model_fields))
    nothing_else = F.size(F.array_except(F.json_object_keys(data), known)) == 0
    return read[BROKEN].isNull() & nothing_else & is_right(read, model)


def _kept() -> Column:
    """As the product's own quarantine keeps a message: its text where it is one, else base64."""
    is_text = F.is_valid_utf8("value")
    return F.to_json(
        F.struct(
            "topic",
            F.concat_ws("-", "partition", "offset").alias("place"),
            F.col("problem").alias("why"),
            F.when(is_text, F.col("text")).alias("text"),
            F.when(~is_text, F.base64("value")).alias("base64"),
        )
    )


def _on_one_line(name: str) -> Column:
    # In JSON a line break stands between words only; within text it is written as \n.
    return F.regexp_replace(name, "[\r\n]+", " ")
