"""Lines of the lake become events, or say what is wrong with them; nothing is dropped here."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from batch.event_shape import BROKEN, event_type
from batch.period import Period
from schema.events import Topic
from schema.incident import IncidentKind, Severity
from schema.review import IncidentRuling, IntegrityOutcome, ReviewKind
from schema.sitting.rule import Counting

LINES = "line string, file string, file_date date"

UUID_PATTERN = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
NUMBER_PATTERN = "^-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$"
_TWO_EVENTS = r"\}\s*\{"  # the parser stops after the first; these topics hold no free text that could match
_NEEDED = (
    "file_date", "event_id", "attempt_id", "exam_id", "student_id", "cohort_id", "sequence", "happened_at", "data",
)  # fmt: skip
_IDS = ("event_id", "organisation_id", "attempt_id", "exam_id", "student_id")


def checked(lines: DataFrame, topic: Topic, late_days: int) -> DataFrame:
    """LINES in; the same with the event's fields, `happened_at` and `problem` (null when sound) out."""
    options = {"columnNameOfCorruptRecord": BROKEN}
    parsed = lines.withColumn("event", F.from_json("line", event_type(topic), options))
    events = parsed.select("line", "file", "file_date", "event.*")
    timed = events.withColumn("happened_at", F.try_to_timestamp("occurred_at"))
    return timed.withColumn("problem", _problem(topic, late_days))


def slim(events: DataFrame) -> DataFrame:
    """What the jobs need of checked events, with `copy`: 1 for the copy of an event that came first.

    The line itself and its file stay only where something is wrong with them: sorting and keeping whole lines
    costs several times what the figures need. Copies of one day are told apart by a hash of their line.
    """
    wrong = F.col("problem").isNotNull()
    same = F.when(wrong, F.col("line")).otherwise(F.col("event_id"))
    kept = events.select(
        *_NEEDED, "problem", same.alias("same"), F.xxhash64("line").alias("mark"),
        F.when(wrong, F.col("line")).alias("line"), F.when(wrong, F.col("file")).alias("file"),
    )  # fmt: skip
    first = Window.partitionBy("same").orderBy("file_date", "mark")
    return kept.withColumn("copy", F.row_number().over(first)).drop("same", "mark")


def sound(events: DataFrame) -> DataFrame:
    """Of slim events each once."""
    return events.where("problem IS NULL AND copy = 1").select(*_NEEDED)


def unsound(events: DataFrame) -> DataFrame:
    """Of slim events what goes to quarantine: file, line and problem."""
    return events.where("problem IS NOT NULL").select("file", "line", "problem")


def within(events: DataFrame, period: Period) -> DataFrame:
    """The events that happened in the period, wherever they were written."""
    return events.where(happened_in(period))


def happened_in(period: Period) -> Column:
    """Whether an event happened in the period, in UTC."""
    day = F.to_date("happened_at")
    return (day >= F.lit(period.start)) & (day < F.lit(period.end))


def _problem(topic: Topic, late_days: int) -> Column:
    day = F.to_date("happened_at")
    is_json = F.col(BROKEN).isNull() & F.col("event_id").isNotNull() & F.rtrim("line").endswith("}")
    findings = [
        (is_json & ~F.col("line").rlike(_TWO_EVENTS), "not one JSON object of the right types"),
        (F.col("type") == topic.value, "an event of another topic"),
        (F.col("version") == 1, "a version that is not known"),
        (_all_uuids(*_IDS) & F.col("sequence").isNotNull(), "an id or the sequence is missing or wrong"),
        (F.col("cohort_id").isNull() | _is_uuid("cohort_id"), "the cohort is no id"),
        (F.col("happened_at").isNotNull(), "occurred_at is no instant"),
        (day <= F.col("file_date"), "it says that it happened after it was written"),
        (F.date_add(day, late_days) >= F.col("file_date"), f"written more than {late_days} days late"),
        (_DATA_IS_RIGHT[topic](), "its data are incomplete or not known"),
    ]
    return F.coalesce(*(F.when(~F.coalesce(holds, F.lit(False)), F.lit(said)) for holds, said in findings))


def _is_uuid(name: str) -> Column:
    return F.col(name).rlike(UUID_PATTERN)


def _all_uuids(*names: str) -> Column:
    right = _is_uuid(names[0])
    for name in names[1:]:
        right = right & _is_uuid(name)
    return right


def _anomaly_is_right() -> Column:
    return (
        _is_uuid("data.incident_id")
        & F.col("data.kind").isin([kind.value for kind in IncidentKind])
        & F.col("data.severity").isin([severity.value for severity in Severity])
        & F.col("data.confidence").between(0, 1)
    )


def _review_is_right() -> Column:
    outcomes = [outcome.value for outcome in IntegrityOutcome]
    known = (F.col("data.kind") != ReviewKind.INTEGRITY.value) | F.col("data.outcome").isin(outcomes)
    rulings = [ruling.value for ruling in IncidentRuling]
    each = F.forall(
        F.coalesce("data.rulings", F.array()),
        lambda one: F.coalesce(one.incident_id.rlike(UUID_PATTERN) & one.ruling.isin(rulings), F.lit(False)),
    )
    return _is_uuid("data.review_id") & F.col("data.outcome").isNotNull() & known & each


def _grading_is_right() -> Column:
    each = F.forall(
        F.col("data.items"),
        lambda one: F.coalesce(
            one.question_id.rlike(UUID_PATTERN)
            & one.earned.rlike(NUMBER_PATTERN)
            & one.points.rlike(NUMBER_PATTERN),
            F.lit(False),
        ),
    )
    percent = F.col("data.percent").rlike(NUMBER_PATTERN)
    rules = [rule.value for rule in Counting]
    rule = F.col("data.counting").isNull() | F.col("data.counting").isin(rules)
    return F.col("data.round_number").isNotNull() & percent & F.col("data.passed").isNotNull() & each & rule


_DATA_IS_RIGHT = {
    Topic.ANOMALY_DETECTED: _anomaly_is_right,
    Topic.REVIEW_DECIDED: _review_is_right,
    Topic.GRADING_COMPLETED: _grading_is_right,
}
