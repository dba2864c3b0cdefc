"""The command that lifts an attempt's cap."""

from schema.lifecycle import Command
from schema.review import Reason


class LiftCap(Command):
    """Let one attempt go on after its slot has ended; its exam ends with the slot for all others."""

    reason: Reason
