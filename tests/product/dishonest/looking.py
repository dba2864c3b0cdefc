"""What a student may not see or change: views of staff, others' matters, forged tokens, strange requests."""

import base64
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from tests.product.dishonest.scene import Scene
from tests.product.dishonest.wish import Wish, never

OTHERS = ("{attempt_id}", "{person_id}", "{student_id}")
PLACE = re.compile(r"\{(\w+)\}")
CHANGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("PUT", "/api/users/people/{me}/roles", {"roles": ["admin"]}),
    ("PUT", "/api/users/people/{me}/extra-time", {"duration_factor": "3", "reason": "I am slow"}),
    ("PATCH", "/api/users/people/{me}", {"cohort": "others"}),
    ("PATCH", "/api/users/people/{victim}", {"is_disabled": True}),
    ("PATCH", "/api/users/me", {"roles": ["admin"]}),
    ("PATCH", "/api/users/me", {"duration_factor": "3"}),
    ("PATCH", "/api/users/me", {"email": "admin@demo.example"}),
    ("POST", "/api/users/me/password", {"current": "wrong wrong", "new": "another long phrase"}),
    ("PUT", "/api/reservations/exams/{exam}", {"title": "Mine"}),
    ("POST", "/api/reservations/exams", {"title": "Mine"}),
    ("POST", "/api/reservations/exams/{exam}/publish", {}),
    ("POST", "/api/reservations/exams/{exam}/trial", {"answers": []}),
    ("POST", "/api/reservations/slots", {"exam_id": "{exam}"}),
    ("PUT", "/api/reservations/slots/{slot}/seats", {"seats": 1}),
    ("POST", "/api/monitoring/attempts/{victim_attempt}/hand", {"raised": True}),
    ("POST", "/api/monitoring/attempts/{victim_attempt}/messages", {"text": "It is me"}),
    ("POST", "/api/monitoring/attempts/{victim_attempt}/stream-ticket", {}),
    ("PUT", "/api/monitoring/attempts/{victim_attempt}/messages/read", {"up_to": 1}),
    ("POST", "/api/monitoring/attempts/{own}/closed", {}),
    (
        "POST",
        "/api/corrections/attempts/{own}/late-answers/{question}/accept",
        {"epoch": 1, "revision": 1, "reason": "x"},
    ),
)
VIEWS = (
    "/api/reservations/exams/{exam}",
    "/api/reservations/exams/{exam}?version=1",
    "/api/reservations/exams/{exam}/preview",
    "/api/reservations/exams/{draft}",
    "/api/reservations/attempts",
    "/api/reservations/attempts/search?q=a",
    "/api/reservations/attempts/{own}/record",
    "/api/reservations/attempts/{own}/holds",
    "/api/reservations/attempts/{victim_attempt}",
    "/api/reservations/attempts/{victim_attempt}/moves",
    "/api/reservations/attempts/{victim_attempt}/timeline",
    "/api/reservations/attempts/{victim_attempt}/briefing",
    "/api/reservations/attempts/{victim_attempt}/check-in/identity-photo",
    "/api/reservations/attempts/{victim_attempt}/record",
    "/api/reservations/operations?exam_id={exam}",
    "/api/monitoring/wall?exam_id={exam}",
    "/api/monitoring/wall?slot_id={slot}",
    "/api/monitoring/desk",
    "/api/monitoring/alerts?exam_id={exam}",
    "/api/monitoring/attempts/{own}/incidents",
    "/api/monitoring/attempts/{victim_attempt}/incidents",
    "/api/monitoring/attempts/{own}/frames",
    "/api/monitoring/attempts/{own}/frames/latest",
    "/api/monitoring/attempts/{own}/records?after=0",
    "/api/monitoring/attempts/{victim_attempt}/presence",
    "/api/monitoring/attempts/{victim_attempt}/messages",
    "/api/monitoring/attempts/{victim_attempt}/glimpse",
    "/api/corrections/reviews",
    "/api/corrections/reviews/count",
    "/api/corrections/attempts/{own}/late-answers",
    "/api/corrections/attempts/{victim_attempt}/late-answers",
    "/api/analytics/exams/{exam}/results",
    "/api/analytics/exams/{exam}/results.csv",
    "/api/analytics/exams",
    "/api/analytics/cohorts",
    "/api/analytics/reviews",
    "/api/analytics/system",
    "/api/analytics/settings",
    "/api/analytics/students/{victim}/performance",
    "/api/analytics/attempts/{victim_attempt}/timeline",
    "/api/analytics/attempts/{victim_attempt}/report",
    "/api/analytics/attempts/{victim_attempt}/archive",
    "/api/users/people",
    "/api/users/people?search=a",
    "/api/users/people/{victim}",
    "/api/users/people/{victim}/extra-time",
    "/api/notifications/outbox",
)
# Rightful, and looked through for what is not theirs.
OPEN_VIEWS = (
    "/api/reservations/exams",
    "/api/reservations/slots",
    "/api/reservations/slots/{slot}",
    "/api/reservations/attempts/mine",
    "/api/reservations/attempts/{own}",
    "/api/reservations/attempts/{own}/briefing",
    "/api/reservations/attempts/{own}/moves",
    "/api/reservations/attempts/{own}/timeline",
    "/api/monitoring/attempts/{own}/messages",
    "/api/monitoring/attempts/{own}/presence",
    "/api/analytics/attempts/{own}/timeline",
    "/api/analytics/attempts/{own}/report",
    "/api/analytics/students/{me}/performance",
    "/api/notifications",
    "/api/users/me",
)
STRANGE: tuple[tuple[str, str, bytes], ...] = (
    ("POST", "/api/reservations/attempts", b'{"exam_id": NaN}'),
    ("POST", "/api/reservations/attempts", b"[" * 5_000),
    ("POST", "/api/reservations/attempts", b'{"exam_id": "\\ud800"}'),
    ("POST", "/api/reservations/attempts/{own}/start", b'"\\u0000"'),
    ("PUT", "/api/corrections/attempts/{own}/answers/x", b"{}"),
    ("DELETE", "/api/reservations/attempts/{own}", b""),
    ("PATCH", "/api/corrections/attempts/{own}/results", b"{}"),
    ("POST", "/api/corrections/attempts/..%2f..%2f/answers", b"{}"),
    ("POST", "/api/reservations/attempts/{own}/%00", b"{}"),
    ("POST", "/api/users/registrations", b'{"email": "x@example.org", "roles": ["admin"]}'),
)


def staffs_view(scene: Scene, rng: Random) -> list[Wish]:
    """What only staff may look at."""
    return [Wish("a view of staff", "GET", _at(scene, rng.choice(VIEWS)), complain=never)]


def open_view(scene: Scene, rng: Random) -> list[Wish]:
    """What students may look at, in search of others."""
    return [Wish("an open view", "GET", _at(scene, rng.choice(OPEN_VIEWS)))]


def change(scene: Scene, rng: Random) -> list[Wish]:
    """Rights, time, exams and messages that are not the student's."""
    method, path, body = rng.choice(CHANGES)
    told = json.loads(_at(scene, json.dumps(body))) if "{exam}" in json.dumps(body) else body
    key = f"dishonest-{rng.getrandbits(64):016x}"
    return [Wish("a change of staff's", method, _at(scene, path), told, key, complain=never)]


def any_route(scene: Scene, rng: Random) -> list[Wish]:
    """Any route of the interface about another person or attempt, whichever routes there are by now."""
    about_others = [one for one in scene.around.routes if any(name in one[1] for name in OTHERS)]
    method, pattern = rng.choice(about_others)
    ids = {"attempt_id": rng.choice((scene.around.victim_attempt_id, scene.around.released_attempt_id))}
    ids |= {"person_id": scene.around.victim.person_id, "student_id": scene.around.victim.person_id}
    ids |= {"exam_id": scene.exam_id, "slot_id": scene.slot_id, "offset": "1"}
    path = PLACE.sub(
        lambda found: ids.get(found[1]) or str(UUID(int=rng.getrandbits(128), version=4)), pattern
    )
    key = f"dishonest-{rng.getrandbits(64):016x}"
    body = None if method == "GET" else rng.choice(({}, {"reason": "Because"}, {"epoch": 1, "revision": 1}))
    return [Wish("any route about another", method, path, body, key, complain=never)]


def forged_token(scene: Scene, rng: Random) -> list[Wish]:
    """A token that claims more, that another key signed, or that is none."""
    token = scene.cheat._http.headers["Authorization"].removeprefix("Bearer ")
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    forged = {
        **claims,
        **rng.choice(({"roles": ["admin"]}, {"sub": scene.around.victim.person_id}, {"exp": 2**33})),
    }
    told = rng.choice(
        (
            f"{header}.{_part(forged)}.{signature}",
            f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(forged)}.",
            f"{header}.{payload}.{signature[:-4]}AAAA",
            "development-internal-token",
            "null",
        )
    )
    path = rng.choice(("/api/users/me", "/api/users/people", f"/api/reservations/exams/{scene.exam_id}"))
    return [Wish("a forged token", "GET", path, headers={"Authorization": f"Bearer {told}"}, complain=never)]


def strange(scene: Scene, rng: Random) -> list[Wish]:
    """What no client of ours ever sends."""
    method, path, body = rng.choice(STRANGE)
    key = f"dishonest-{rng.getrandbits(64):016x}"
    return [Wish("a strange request", method, _at(scene, path), body, key, complain=never)]


def message(scene: Scene, rng: Random) -> list[Wish]:
    """Rightful noise: hands and messages in numbers."""
    key = f"dishonest-{rng.getrandbits(64):016x}"
    path = f"/api/monitoring/attempts/{scene.attempt_id}"
    body, where = rng.choice((({"text": "Hello?"}, "messages"), ({"raised": False}, "hand")))
    return [Wish("noise at the own attempt", "POST", f"{path}/{where}", body, key, copies=3)]


ACTS: tuple[Callable[[Scene, Random], list[Wish]], ...] = (
    staffs_view,
    staffs_view,
    staffs_view,
    open_view,
    open_view,
    change,
    change,
    any_route,
    any_route,
    forged_token,
    strange,
    message,
)


def _at(scene: Scene, pattern: str) -> str:
    around = scene.around
    places = {
        "{own}": scene.attempt_id,
        "{exam}": scene.exam_id,
        "{slot}": scene.slot_id,
        "{draft}": around.draft_exam_id,
        "{me}": scene.cheat.person_id,
        "{victim}": around.victim.person_id,
        "{victim_attempt}": around.victim_attempt_id,
        "{question}": scene.questions[0]["question_id"] if scene.questions else around.draft_exam_id,
    }
    for name, value in places.items():
        pattern = pattern.replace(name, value)
    return pattern


def _part(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
