"""What keeps a job from its work."""


class Trouble(Exception):
    """The message says in a sentence what happened, with the setting to look at, and what to do."""
