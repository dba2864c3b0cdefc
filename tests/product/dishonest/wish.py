"""What the dishonest client sends, and what its answer may not be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

Complaint = Callable[[httpx.Response], str]


def nothing_to_complain(_answer: httpx.Response) -> str:
    """Whatever was answered is fine, as far as this request alone can tell."""
    return ""


def never(answer: httpx.Response) -> str:
    """For what an honest client could not have got: no success, and no way to one."""
    return f"it was granted with {answer.status_code}" if answer.status_code < 400 else ""


@dataclass(frozen=True, slots=True)
class Wish:
    """One request. `kind` is its line in the printed table; `copies` are sent at once."""

    kind: str
    method: str
    path: str
    body: Any = None
    key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    complain: Complaint = nothing_to_complain
    copies: int = 1

    def options(self) -> dict[str, Any]:
        """As httpx takes them: bytes as they are, anything else as JSON."""
        headers = {**self.headers, **({"Idempotency-Key": self.key} if self.key else {})}
        if self.body is None:
            return {"headers": headers}
        if isinstance(self.body, bytes):
            return {"headers": {"Content-Type": "application/json", **headers}, "content": self.body}
        return {"headers": headers, "json": self.body}
