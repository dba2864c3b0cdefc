"""The one base of our messages: frozen, strict about unknown fields."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A frozen value that crosses a border; an unknown field is an error, not noise."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class State(BaseModel):
    """State that outlives a workflow run; mutable only inside its owner."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)
