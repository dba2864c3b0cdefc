"""The JSON of the events that the jobs read, as Spark types; schema/events.py says what the fields mean.

Fields that no figure needs are left out: what is not parsed costs nothing.
Exact decimals, instants and ids are text in the JSON and are checked after parsing (event_check.py).
"""

from schema.events import Topic

BROKEN = "broken_json"

_DATA: dict[Topic, str] = {
    Topic.ANOMALY_DETECTED: """
        incident_id: string, kind: string, severity: string, confidence: double
    """,
    Topic.REVIEW_DECIDED: """
        review_id: string, kind: string, outcome: string,
        rulings: array<struct<incident_id: string, ruling: string>>
    """,
    Topic.GRADING_COMPLETED: """
        round_number: int, percent: string, passed: boolean, counting: string, sitting: int, counts: boolean,
        items: array<struct<question_id: string, earned: string, points: string, seconds: int>>
    """,
}


def event_type(topic: Topic) -> str:
    """The type of an event of this topic; a line that does not fit leaves itself in BROKEN."""
    return f"""
        event_id string, type string, version int, occurred_at string, organisation_id string,
        attempt_id string, exam_id string, student_id string, cohort_id string,
        sequence long, data struct<{_DATA[topic]}>, {BROKEN} string
    """
