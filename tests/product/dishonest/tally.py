"""What was tried, how it was answered, and what was wrong with that."""

import re
from collections import Counter
from dataclasses import dataclass, field

import httpx

from tests.product.dishonest import paper
from tests.product.dishonest.scene import Scene
from tests.product.dishonest.wish import Wish

MARKS_OF_A_RESULT = re.compile(r'"(earned|percent|passed)"\s*:\s*("|\d|true|false)')


@dataclass
class Tally:
    """Counts by kind and answer; `wrongs` says seed and request of whatever should not have been."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrongs: list[str] = field(default_factory=list)

    def answered(self, scene: Scene, place: str, wish: Wish, answer: httpx.Response) -> None:
        """Count an answer and look through it."""
        self.tried[wish.kind, str(answer.status_code)] += 1
        for wrong in (wish.complain(answer), _failed(answer), _seen(scene, answer)):
            if wrong:
                request = f"{wish.method} {wish.path} {str(wish.body)[:150]}"
                self.wrong(scene, place, f"{wish.kind}: {wrong}: {request} → {answer.text[:200]}")

    def wrong(self, scene: Scene, place: str, what: str) -> None:
        """Something that should not have been."""
        self.wrongs.append(f"[{place}, {scene.name}] {what}")

    def table(self) -> list[str]:
        """A line for each kind."""
        kinds = sorted({kind for kind, _ in self.tried})
        return [f"  {kind:<36}{sum(self._of(kind).values()):>6}  {_listed(self._of(kind))}" for kind in kinds]

    def _of(self, kind: str) -> dict[str, int]:
        return {answer: count for (one, answer), count in sorted(self.tried.items()) if one == kind}


def _failed(answer: httpx.Response) -> str:
    return f"the server failed with {answer.status_code}" if answer.status_code >= 500 else ""


def _seen(scene: Scene, answer: httpx.Response) -> str:
    """What stands in it that is not this student's to read."""
    text = answer.text
    for secret in (paper.KEY, paper.NUMBER, *scene.around.secrets):
        if secret in text:
            return f"it tells {secret!r}"
    if not scene.is_released and MARKS_OF_A_RESULT.search(text):
        return "it tells marks before the release"
    return ""


def _listed(answers: dict[str, int]) -> str:
    return ", ".join(f"{count} × {answer}" for answer, count in answers.items())
