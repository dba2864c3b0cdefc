"""What the demo has to show at its end, and what is missing of it."""

from typing import Any

from api.demo.cast import Cast
from api.demo.film import Film
from api.demo.mailbox import Mailbox
from api.demo.seen import seen_by
from api.demo.story import ARCHIVED, Outcome

SEVERITIES = {
    "face_absent": "high",
    "multiple_faces": "critical",
    "forbidden_object": "high",
    "tab_change": "medium",
}
NEVER = "webcam_disabled"
MAILS = ("reserved", "handed in", "result")
STATES = ("reserved", "checking_in", "awaiting_admission", "admitted", "in_progress", "submitted", "archived")


MOVE = ("machine", "source", "verb", "target", "actor_role", "at")
INCIDENT = ("kind", "severity", "started_at", "ended_at", "confidence", "rule", "ruling")
TOTALS = ("earned", "points", "percent", "passed")
ITEM = ("earned", "points", "explanation")


async def summarise(
    cast: Cast,
    outcome: Outcome,
    archive: list[str],
    result: dict[str, Any],
    mailbox: Mailbox,
    temporal_ui: str,
) -> dict[str, Any]:
    """Everything a reader wants to know, as JSON."""
    attempt_id = outcome.attempt_id
    moves = await pages(cast.admin, f"/api/reservations/attempts/{attempt_id}/moves")
    incidents = await pages(cast.reviewer, f"/api/monitoring/attempts/{attempt_id}/incidents")
    letters = [
        one
        for one in await mailbox.letters(cast.student.email)
        if outcome.title in " ".join(one.text.split())
    ]
    return {
        "attempt_id": attempt_id,
        "exam_id": outcome.exam_id,
        "states": [_part(move, MOVE) for move in moves],
        "incidents": [_part(incident, INCIDENT) for incident in incidents],
        "frames": {"sent": outcome.frames_sent, "acknowledged": outcome.frames_acknowledged},
        "marks": {**_part(result, TOTALS), "items": [_part(item, ITEM) for item in result["items"]]},
        "mails": {
            "read_from": mailbox.kind,
            "to_the_student": [{"subject": one.subject, "message_id": one.message_id} for one in letters],
        },
        "archive": archive,
        "seen": await seen_by(cast, outcome),
        "workflows": _links(attempt_id, temporal_ui),
    }


def _links(attempt_id: str, temporal_ui: str) -> dict[str, str]:
    names = (
        f"attempt:{attempt_id}",
        f"monitoring:{attempt_id}",
        f"grading:{attempt_id}:1",
        f"retention:{attempt_id}",
    )
    return {name: f"{temporal_ui}/namespaces/proctorwise/workflows/{name}" for name in names}


def _part(whole: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: whole[key] for key in keys}


def missing(summary: dict[str, Any], film: Film, *, sees_objects: bool) -> list[str]:
    """What the summary should hold and does not; empty when all is well."""
    found = {incident["kind"]: incident["severity"] for incident in summary["incidents"]}
    wanted = {
        kind: severity for kind, severity in SEVERITIES.items() if sees_objects or kind != "forbidden_object"
    }
    lacks = [
        f"incident {kind} of severity {severity} (found: {found.get(kind, 'none')})"
        for kind, severity in wanted.items()
        if found.get(kind) != severity
    ]
    if NEVER in found:
        lacks.append(f"no {NEVER}, but there is one")
    targets = {state["target"] for state in summary["states"]}
    lacks += [f"state {state}" for state in STATES if state not in targets]
    subjects = " / ".join(mail["subject"].lower() for mail in summary["mails"]["to_the_student"])
    lacks += [f"a mail about {word!r} among: {subjects}" for word in MAILS if word not in subjects]
    frames = summary["frames"]
    if frames["acknowledged"] < film.seconds:
        lacks.append(f"{film.seconds} acknowledged frames, there are {frames['acknowledged']}")
    if summary["marks"]["earned"] is None:
        lacks.append("marks")
    archive = summary["archive"]
    lacks += [f"{part} in the archive" for part in ARCHIVED if not any(part in name for name in archive)]
    lacks += [f"for the {what}" for what, is_seen in summary["seen"].items() if not is_seen]
    return lacks


async def pages(person: Any, path: str) -> list[dict[str, Any]]:
    """All items of a paged list."""
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = await person.get(path, limit=200, **({"cursor": cursor} if cursor else {}))
        items += page["items"]
        cursor = page.get("next_cursor")
        if not cursor:
            return items
