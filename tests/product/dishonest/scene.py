"""Where the dishonest client stands: one phase of an attempt, its twin that is honest, and who is spied on."""

from dataclasses import dataclass, field
from typing import Any

from api.demo.person import Person
from tests.product.dishonest import paper


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all scenes share."""

    staff: dict[str, Person]
    exam_id: str
    slot_id: str
    draft_exam_id: str
    victim: Person
    victim_attempt_id: str
    victim_questions: list[dict[str, Any]]
    released_attempt_id: str  # the victim's own result
    secrets: tuple[str, ...]  # what no answer to anybody else may hold
    routes: tuple[tuple[str, str], ...]  # method and path of everything that the interface offers


@dataclass
class Scene:
    """A phase. `keys` are the Idempotency-Keys of what was honestly done so far, by command."""

    name: str
    around: Surroundings
    cheat: Person
    twin: Person
    exam_id: str
    slot_id: str
    next_slot_id: str
    attempt_id: str = ""
    twin_attempt_id: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    questions: list[dict[str, Any]] = field(default_factory=list)
    baseline: dict[str, Any] = field(default_factory=dict)
    epoch: int = 1

    @property
    def is_running(self) -> bool:
        """Whether an answer that comes now counts for anybody."""
        return self.name == "running"

    @property
    def is_released(self) -> bool:
        """Whether the own result may be read."""
        return self.name == "released"

    @property
    def path(self) -> str:
        """Commands to the own attempt."""
        return f"/api/reservations/attempts/{self.attempt_id}"

    @property
    def marks(self) -> str:
        """Paper, answers and results of the own attempt."""
        return f"/api/corrections/attempts/{self.attempt_id}"

    async def known(self) -> dict[str, Any]:
        """What must not change: phase, clock, what is counted, and how often this student sat or booked."""
        admin = self.around.staff["admin"]
        attempt = await admin.get(self.path)
        mine = await self.cheat.get("/api/reservations/attempts/mine", limit=200)
        answers = await self.cheat.get(f"{self.marks}/answers")
        counted = {
            one["question_id"]: one["value"] for one in answers["items"] if one["standing"] == "counted"
        }
        return {
            "phase": attempt["phase"],
            "deadline_at": attempt["deadline_at"],
            "release": attempt["release"],
            "attempts": sorted(one["attempt_id"] for one in mine["items"]),
            "counted": counted,
        }

    def honest_value(self, question: dict[str, Any]) -> dict[str, Any]:
        """While it runs the cheat knows no more than the twin; later it knows what is right."""
        return paper.honest(question) if self.is_running else paper.right(question)
