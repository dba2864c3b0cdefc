"""Commands that are not the student's to give, or not now; bookings beyond the one that is allowed; replays."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import httpx

from tests.product.dishonest.scene import Scene
from tests.product.dishonest.wish import Complaint, Wish, never

WHY = {"reason": "Because I say so"}
STAFFS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("extend", {"by": "PT60M", **WHY}),
    ("extend", {"by": "-PT5M", **WHY}),
    ("pause", WHY),
    ("resume", {}),
    ("admit", {}),
    ("send-back", {"step": "consent", **WHY}),
    ("refuse", WHY),
    ("terminate", WHY),
    ("reactivate", WHY),
    ("reopen", {"by": "PT60M", **WHY}),
    ("lift-cap", WHY),
    ("grant-sitting", WHY),
    ("void", WHY),
    ("release", {}),
    ("hold", WHY),
    ("unhold", WHY),
)
STUDENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("confirm", {}),
    ("cancel", WHY),
    ("check-in", {}),
    ("check-in/steps", {"step": "consent"}),
    ("start", {}),
    ("come-back", {}),
    ("submit", {}),
    ("appeal", {"text": "I want more points"}),
)
# What a student may honestly do in a phase is left to the honest: it would end the scene.
RIGHTFUL = {
    "reserved": {"cancel"},
    "awaiting": set[str](),
    "running": {"submit"},
    "paused": {"come-back"},
    "terminated": set[str](),
    "timed out": set[str](),
    "submitted": set[str](),
    "released": {"appeal"},
    "voided": set[str](),
}
FORGED: tuple[dict[str, Any], ...] = (
    {"actor": {"role": "admin"}},
    {"operation_id": "0"},
    {"at": "2020-01-01T00:00:00Z"},
    {"role": "proctor"},
)
RACE = 5


def staffs_command(scene: Scene, rng: Random) -> list[Wish]:
    """As if one were a proctor or an admin."""
    name, body = rng.choice(STAFFS)
    return [_command(scene.path, "a command of staff", name, body, rng)]


def command_too_early_or_late(scene: Scene, rng: Random) -> list[Wish]:
    """A student's own command in a phase that has no such move."""
    name, body = rng.choice([one for one in STUDENTS if one[0] not in RIGHTFUL[scene.name]])
    return [_command(scene.path, "a command out of its phase", name, body, rng)]


def forged_command(scene: Scene, rng: Random) -> list[Wish]:
    """A rightful or wrongful command with the actor or the time in it."""
    name, body = rng.choice((*STUDENTS, *STAFFS))
    return [_command(scene.path, "a command with forged fields", name, {**body, **rng.choice(FORGED)}, rng)]


def others_command(scene: Scene, rng: Random) -> list[Wish]:
    """Anything to another's attempt, or to one that does not exist."""
    around = scene.around
    foreign = (around.victim_attempt_id, around.released_attempt_id, scene.twin_attempt_id, _any_id(rng))
    name, body = rng.choice((*STUDENTS, *STAFFS))
    path = f"/api/reservations/attempts/{rng.choice(foreign)}"
    return [_command(path, "a command to another's attempt", name, body, rng)]


def further_booking(scene: Scene, rng: Random) -> list[Wish]:
    """A second sitting of the same exam, in this slot or the next, also several at once."""
    slots = scene.slot_id, scene.next_slot_id
    body: dict[str, Any] = {"exam_id": scene.exam_id, "slot_id": rng.choice(slots)}
    if rng.random() < 0.3:
        body["join_waiting_list"] = True
    wishes = [_book("a further booking", body, rng) for _ in range(rng.choice((1, 1, RACE)))]
    return [Wish(one.kind, one.method, one.path, one.body, one.key, complain=never) for one in wishes]


def forged_booking(scene: Scene, rng: Random) -> list[Wish]:
    """A booking with fields that the server decides, of a draft, or of a slot of another exam."""
    around, body = scene.around, {"exam_id": scene.exam_id, "slot_id": scene.slot_id}
    change = rng.choice(
        (
            {"student_id": around.victim.person_id},
            {"attempt_id": _any_id(rng)},
            {"duration_factor": "3"},
            {"policy": {"attempts_allowed": 9}},
            {"exam_id": around.draft_exam_id},
            {"slot_id": _any_id(rng)},
            {"exam_id": _any_id(rng)},
        )
    )
    return [_book("a forged booking", {**body, **change}, rng)]


def move(scene: Scene, rng: Random) -> list[Wish]:
    """To another slot, once the exam has begun or the seat is gone."""
    slot_id = _any_id(rng) if scene.name == "reserved" else scene.next_slot_id
    return [_command(scene.path, "a move to another slot", "move", {"slot_id": slot_id}, rng)]


def replay(scene: Scene, rng: Random) -> list[Wish]:
    """An honest request sent again under its own key: its old answer, and nothing done twice."""
    name = rng.choice(sorted(scene.keys))
    key = scene.keys[name]
    if name == "reserve":
        body = {"exam_id": scene.exam_id, "slot_id": scene.slot_id}
        return [
            Wish(
                "a replay of an honest request",
                "POST",
                "/api/reservations/attempts",
                body,
                key,
                complain=_same(scene),
            )
        ]
    body = {"step": "consent"} if name == "check-in/steps" else {}
    return [Wish("a replay of an honest request", "POST", f"{scene.path}/{name}", body, key)]


def altered_replay(scene: Scene, rng: Random) -> list[Wish]:
    """An honest request's key with another body."""
    body = {"exam_id": scene.exam_id, "slot_id": scene.next_slot_id}
    return [
        Wish(
            "a replay with another body",
            "POST",
            "/api/reservations/attempts",
            body,
            scene.keys["reserve"],
            complain=never,
        )
    ]


def many(scene: Scene, rng: Random) -> list[Wish]:
    """Acts on many attempts at once."""
    ids = [scene.attempt_id, scene.around.victim_attempt_id]
    path, body = rng.choice(
        (
            (
                "/api/reservations/operations",
                {"verb": "extend", "exam_id": scene.exam_id, "by": "PT60M", **WHY},
            ),
            ("/api/reservations/operations", {"verb": "release", "attempt_ids": ids[:1]}),
            ("/api/reservations/holds", {"attempt_ids": ids, **WHY}),
            ("/api/reservations/holds/release", {"attempt_ids": ids, **WHY}),
            ("/api/monitoring/messages", {"attempt_ids": ids, "text": "All go home"}),
        )
    )
    return [Wish("an act on many", "POST", path, body, _key(rng), complain=never)]


ACTS: tuple[Callable[[Scene, Random], list[Wish]], ...] = (
    staffs_command,
    staffs_command,
    command_too_early_or_late,
    command_too_early_or_late,
    forged_command,
    others_command,
    further_booking,
    forged_booking,
    move,
    replay,
    altered_replay,
    many,
)


def _command(path: str, kind: str, name: str, body: dict[str, Any], rng: Random) -> Wish:
    return Wish(kind, "POST", f"{path}/{name}", body, _key(rng), complain=never)


def _book(kind: str, body: dict[str, Any], rng: Random) -> Wish:
    return Wish(kind, "POST", "/api/reservations/attempts", body, _key(rng), complain=never)


def _same(scene: Scene) -> Complaint:
    def complain(answered: httpx.Response) -> str:
        is_other = answered.status_code < 400 and answered.json().get("attempt_id") != scene.attempt_id
        return "a replay made another attempt" if is_other else ""

    return complain


def _key(rng: Random) -> str:
    return f"dishonest-{rng.getrandbits(64):016x}"


def _any_id(rng: Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))
