"""Answers that should not count: at wrong times, under epochs nobody gave, to questions of others, in floods."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx

from tests.product.dishonest import paper
from tests.product.dishonest.scene import Scene
from tests.product.dishonest.wish import Complaint, Wish, never, nothing_to_complain

FORGED_EPOCH = 1_000_000  # no device of ours was given so high a one
REVISIONS = (0, 1, 2, 7, 1_000, 2**31 - 1)
OFFSETS = (
    timedelta(0),
    timedelta(days=-365),
    timedelta(hours=-1),
    timedelta(minutes=-5),
    timedelta(seconds=-4),
    timedelta(seconds=4),
    timedelta(minutes=30),
    timedelta(days=365),
)
FLOOD = 6


def answer(scene: Scene, rng: Random) -> list[Wish]:
    """One answer with whatever time, revision and dwell the device claims."""
    question, draft = rng.choice(scene.questions), _draft(scene, rng)
    draft["value"] = scene.honest_value(question)
    return [_put(scene, "answer, claimed time and revision", question, draft, _uncounted(scene, draft))]


def forged_epoch(scene: Scene, rng: Random) -> list[Wish]:
    """A right answer under an epoch that no device was given."""
    question = rng.choice(scene.questions)
    epoch = rng.choice((FORGED_EPOCH, 2**31 - 1))
    draft = {**_draft(scene, rng), "epoch": epoch, "value": paper.right(question)}
    return [_put(scene, "answer, epoch never given", question, draft, never)]


def impossible(scene: Scene, rng: Random) -> list[Wish]:
    """What is no answer: numbers out of their bounds, other shapes, strange fields."""
    question = rng.choice(scene.questions)
    draft = {**_draft(scene, rng), "value": paper.right(question)}
    change = rng.choice(
        (
            {"epoch": -1},
            {"revision": 2**31},
            {"revision": 10**400},
            {"seconds": -5},
            {"answered_at": "yesterday"},
            {"answered_at": "2026-11-28T10:00:00"},
            {"received_at": "2020-01-01T00:00:00Z"},
            {"standing": "counted"},
            {"value": {"kind": "essay", "text": "x"}},
            {"value": {"kind": "choice", "chosen": ["none"] * 500}},
            {"value": {"kind": "text", "text": "x" * 100_000}},
            {"student_id": scene.cheat.person_id},
        )
    )
    return [_put(scene, "answer, impossible", question, {**draft, **change}, never)]


def batch(scene: Scene, rng: Random) -> list[Wish]:
    """Many at once, as after an outage that never was."""
    chosen = [rng.choice(scene.questions) for _ in range(rng.randint(1, 8))]
    items = [
        {**_draft(scene, rng), "question_id": one["question_id"], "value": scene.honest_value(one)}
        for one in chosen
    ]
    return [
        Wish(
            "answers, batch",
            "POST",
            f"{scene.marks}/answers",
            {"answers": items},
            complain=_each(scene, items),
        )
    ]


def flood(scene: Scene, rng: Random) -> list[Wish]:
    """The same answer many times at once."""
    question, draft = rng.choice(scene.questions), _draft(scene, rng)
    draft["value"] = scene.honest_value(question)
    wish = _put(scene, f"answer, {FLOOD} at once", question, draft, _uncounted(scene, draft))
    return [Wish(wish.kind, wish.method, wish.path, wish.body, complain=wish.complain, copies=FLOOD)]


def other_question(scene: Scene, rng: Random) -> list[Wish]:
    """The own attempt with a question of nobody's."""
    question = {"question_id": str(UUID(int=rng.getrandbits(128), version=4))}
    draft = {**_draft(scene, rng), "value": {"kind": "truth", "value": True}}
    return [_put(scene, "answer, no such question", question, draft, never)]


def others_attempt(scene: Scene, rng: Random) -> list[Wish]:
    """Another student's paper, answers and right to answer."""
    attempt = rng.choice(
        (scene.around.victim_attempt_id, scene.twin_attempt_id, scene.around.released_attempt_id)
    )
    path, question = f"/api/corrections/attempts/{attempt}", rng.choice(scene.around.victim_questions)
    draft = {**_draft(scene, rng), "value": paper.honest(question)}
    wish = rng.choice(
        (
            Wish("", "PUT", f"{path}/answers/{question['question_id']}", draft),
            Wish("", "POST", f"{path}/answer-epoch"),
            Wish("", "GET", f"{path}/answers"),
            Wish("", "GET", f"{path}/paper"),
            Wish("", "GET", f"{path}/results"),
            Wish(
                "",
                "POST",
                f"{path}/answers",
                {"answers": [{**draft, "question_id": question["question_id"]}]},
            ),
        )
    )
    return [Wish("another's answers", wish.method, wish.path, wish.body, complain=never)]


def new_device(scene: Scene, _rng: Random) -> list[Wish]:
    """Take over from oneself; a device that was taken over gains nothing by going on."""
    return [Wish("a further epoch", "POST", f"{scene.marks}/answer-epoch")]


def own_paper(scene: Scene, _rng: Random) -> list[Wish]:
    """The paper, which is shown while it is written only."""
    complain = nothing_to_complain if scene.is_running else never
    return [Wish("the paper", "GET", f"{scene.marks}/paper", complain=complain)]


def own_answers(scene: Scene, _rng: Random) -> list[Wish]:
    """What oneself has written."""
    return [Wish("the own answers", "GET", f"{scene.marks}/answers")]


def own_result(scene: Scene, _rng: Random) -> list[Wish]:
    """The own result, also before it is released."""
    complain = nothing_to_complain if scene.is_released else never
    return [Wish("the own result", "GET", f"{scene.marks}/results", complain=complain)]


ACTS: tuple[Callable[[Scene, Random], list[Wish]], ...] = (
    answer,
    answer,
    answer,
    forged_epoch,
    forged_epoch,
    impossible,
    batch,
    flood,
    other_question,
    others_attempt,
    new_device,
    own_paper,
    own_answers,
    own_result,
)


def _draft(scene: Scene, rng: Random) -> dict[str, Any]:
    claimed = datetime.now(UTC) + rng.choice(OFFSETS)
    return {
        "epoch": rng.choice((1, 1, scene.epoch)),
        "revision": rng.choice(REVISIONS),
        "answered_at": claimed.isoformat(),
        "seconds": rng.choice((0, 1, 86_400)),
    }


def _put(
    scene: Scene, kind: str, question: dict[str, Any], draft: dict[str, Any], complain: Complaint
) -> Wish:
    return Wish(kind, "PUT", f"{scene.marks}/answers/{question['question_id']}", draft, complain=complain)


def _uncounted(scene: Scene, draft: dict[str, Any]) -> Complaint:
    """Outside the time of writing a 200 may tell what is stored already, never that this one counts."""

    def complain(answered: httpx.Response) -> str:
        told = answered.json() if answered.status_code == 200 else {}
        return "" if scene.is_running else _counts(told, draft)

    return complain


def _each(scene: Scene, items: list[dict[str, Any]]) -> Complaint:
    def complain(answered: httpx.Response) -> str:
        if answered.status_code != 200 or scene.is_running:
            return ""
        told = [one.get("saved") or {} for one in answered.json()]
        return next((said for one, item in zip(told, items, strict=True) if (said := _counts(one, item))), "")

    return complain


def _counts(told: dict[str, Any], draft: dict[str, Any]) -> str:
    is_this = (told.get("epoch"), told.get("revision")) == (draft["epoch"], draft["revision"])
    is_new = is_this and told.get("received_at") == told.get("server_time")
    return "it counts though the clock stands" if is_new and told.get("standing") == "counted" else ""
