"""What the doctor found about one thing."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is."""

    GOOD = "good"
    OFF = "off"  # not configured, or not running just now; nothing is wrong
    DOUBT = "doubt"  # works, and should be looked at
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`said` is a sentence of what is so, `advice` what to do about it."""

    part: str
    subject: str
    state: State
    said: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Writes findings about one thing."""

    part: str
    subject: str

    def good(self, said: str) -> Finding:
        return Finding(self.part, self.subject, State.GOOD, said)

    def off(self, said: str, advice: str = "") -> Finding:
        return Finding(self.part, self.subject, State.OFF, said, advice)

    def doubt(self, said: str, advice: str) -> Finding:
        return Finding(self.part, self.subject, State.DOUBT, said, advice)

    def bad(self, said: str, advice: str) -> Finding:
        return Finding(self.part, self.subject, State.BAD, said, advice)
