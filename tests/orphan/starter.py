"""A fake of the way to the workflows of operations."""

from schema.cohort import CohortInput, Standing
from schema.failures import Failure, FailureType


class Starter:
    """A CohortStarter that remembers what it started and fails for the operations in `away`."""

    def __init__(self, standing: Standing = Standing.ABSENT) -> None:
        self.known = standing
        self.started: list[CohortInput] = []
        self.started_again: list[CohortInput] = []
        self.away: set[object] = set()

    async def start(self, cohort: CohortInput) -> None:
        if cohort.operation_id in self.away:
            raise Failure(FailureType.UNAVAILABLE, "Temporal is away")
        self.started.append(cohort)

    async def start_again(self, cohort: CohortInput) -> None:
        self.started_again.append(cohort)

    async def standing(self, exam_id: object, operation_id: object) -> Standing:
        return self.known
