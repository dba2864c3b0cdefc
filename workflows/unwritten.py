"""What people did to a review that no row holds yet: repeated where the row turns out to know better."""

from collections.abc import Callable

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from schema.review import ReviewState

Act = Callable[[ReviewState], None]


class UnwrittenActs:
    """A run that begins again learns of the row only after it has taken commands: none of them may be lost."""

    def __init__(self) -> None:
        self._acts: dict[str, Act] = {}
        self._refusals: dict[str, ApplicationError] = {}

    def add(self, operation_id: str, act: Act) -> None:
        """This was applied to the state, and is not written yet."""
        self._acts[operation_id] = act

    def confirm(self, operation_ids: frozenset[str]) -> None:
        """These are written."""
        self._acts = {name: act for name, act in self._acts.items() if name not in operation_ids}

    @property
    def pending(self) -> frozenset[str]:
        """The operations that are not written yet."""
        return frozenset(self._acts)

    def repeat_on(self, state: ReviewState) -> None:
        """Apply them to what the row holds; whoever is refused by it learns so from `raise_refusal`."""
        for operation_id, act in list(self._acts.items()):
            try:
                act(state)
            except ApplicationError as refusal:
                self._refusals[operation_id] = refusal
                del self._acts[operation_id]

    def raise_refusal(self, operation_id: str) -> None:
        """Raise what the row's state refused this operation with, if it did."""
        if (refusal := self._refusals.pop(operation_id, None)) is not None:
            raise refusal
