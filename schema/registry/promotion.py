"""Which version of a model new attempts are watched with, and which ones were before."""

from datetime import datetime

from schema.model import Message
from schema.registry.card import FrozenModel


class Promotion(Message):
    """Somebody made a version the one for new attempts. `is_rollback` marks a return to the one before."""

    model: FrozenModel
    at: datetime
    by: str
    reason: str = ""
    is_rollback: bool = False


class Promotions(Message):
    """All promotions of one type, the oldest first; the last one holds."""

    made: tuple[Promotion, ...] = ()

    @property
    def current(self) -> FrozenModel | None:
        """What new attempts are watched with; None before the first promotion."""
        return self.made[-1].model if self.made else None

    @property
    def previous(self) -> FrozenModel | None:
        """What a rollback returns to: rolling back twice goes two promotions back, not to and fro."""
        held: list[FrozenModel] = []
        for one in self.made:
            if one.is_rollback:
                held.pop()
            else:
                held.append(one.model)
        return held[-2] if len(held) > 1 else None
