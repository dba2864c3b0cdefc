"""The whole of an event as it travels: the envelope with its topic's own data; what JSON Schemas are made of."""

from functools import cache
from typing import Any, Literal

from pydantic import create_model

from schema.events import PAYLOADS, Envelope, Topic


@cache
def event_model(topic: Topic) -> type[Envelope]:
    """The envelope whose `type` is this topic and whose `data` is what the topic carries."""
    payload = PAYLOADS[topic]
    parts: dict[str, Any] = {"type": (Literal[topic], ...), "data": (payload, ...)}
    return create_model(payload.__name__, __base__=Envelope, __doc__=payload.__doc__, **parts)


def checked_event(topic: Topic, text: bytes | str) -> Envelope:
    """The event that this JSON tells of. Raises ValueError, saying why, for whatever the topic's schema refuses."""
    event_model(topic).model_validate_json(text)
    return Envelope.model_validate_json(text)
