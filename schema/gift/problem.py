"""What is wrong with a file, or worth knowing about it: by line and column, with what to do."""

from schema.gift.span import Place, Span
from schema.model import Message


class Problem(Message):
    """A sentence about one place; lines and columns count from 1."""

    line: int
    column: int
    message: str


class Trouble(Exception):
    """Stops reading one question; the next one is read all the same. Never leaves this package."""

    def __init__(self, where: Span | Place, message: str) -> None:
        super().__init__(message)
        self.place = where.place if isinstance(where, Span) else where
        self.message = message

    @property
    def problem(self) -> Problem:
        """The same as a value."""
        return Problem(line=self.place.line, column=self.place.column, message=self.message)
