"""Which days are asked for: `from` and `to`, both included, by default the four weeks up to yesterday."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field

from api.context import ContextOf
from schema.failures import Failure, FailureType

MOST_DAYS = 731  # two years: what one answer or report can show
BY_DEFAULT = timedelta(days=27)

# Nothing was computed outside these years, and their edges leave room to count weeks and months.
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]


@dataclass(frozen=True, slots=True)
class Span:
    """Days in UTC, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def _span(
    context: ContextOf,
    first: Annotated[
        Day | None, Query(alias="from", description="First day, UTC", examples=["2027-01-01"])
    ] = None,
    last: Annotated[
        Day | None, Query(alias="to", description="Last day, UTC", examples=["2027-01-31"])
    ] = None,
) -> Span:
    """Raises INVALID for a range that is upside down or wider than MOST_DAYS."""
    until = last or (context.now().date() - timedelta(days=1) if first is None else first + BY_DEFAULT)
    span = Span(first or until - BY_DEFAULT, until)
    if span.first > span.last:
        what = f"the range ends on {span.last}, before it begins on {span.first}; exchange from and to"
        raise Failure(FailureType.INVALID, what, field="/from")
    days = (span.last - span.first).days + 1
    if days > MOST_DAYS:
        what = f"the range has {days} days, at most {MOST_DAYS} can be asked for at once; ask for parts of it"
        raise Failure(FailureType.INVALID, what, field="/to")
    return span


SpanOf = Annotated[Span, Depends(_span)]
