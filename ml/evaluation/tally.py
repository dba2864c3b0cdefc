"""Right, false and missed findings, and how far the shares and rates they give can be trusted."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class MatchCounts:
    """Right, false and missed findings of one subject."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def add(self, labelled: int, found: int) -> None:
        """One picture's counts."""
        self.right += min(labelled, found)
        self.false += max(0, found - labelled)
        self.missed += max(0, labelled - found)

    @property
    def precision(self) -> float | None:
        """Share of the findings that are right; None where nothing was found."""
        return self.right / (self.right + self.false) if self.right + self.false else None

    @property
    def recall(self) -> float | None:
        """Share of what is there that was found; None where nothing is there."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None


Z = 1.959964  # of the normal distribution, for 95 %


def share_interval(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, by Wilson's score; 0 to 1 where nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    share, square = right / of, Z * Z / of
    middle = (share + square / 2) / (1 + square)
    reach = Z * math.sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def count_interval(events: int) -> tuple[float, float]:
    """The exact 95 % interval of a Poisson count: divide both by the time it was counted over."""
    low = 0.0 if events == 0 else _mean_where(lambda mean: _at_most(events - 1, mean) <= 0.975, events)
    return low, _mean_where(lambda mean: _at_most(events, mean) <= 0.025, events)


def _mean_where(holds: Callable[[float], bool], events: int) -> float:
    """The least Poisson mean for which this holds; what holds for one mean holds for all greater."""
    low, high = 0.0, 10.0 + 4.0 * events
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _at_most(events: int, mean: float) -> float:
    """The probability of so many events or fewer."""
    if mean == 0:
        return 1.0
    return sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(events + 1))
