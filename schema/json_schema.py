"""Writes the JSON Schemas of the twelve topics into schema/json: `python -m schema.json_schema`."""

import json
from pathlib import Path

from schema.event_model import event_model
from schema.events import Topic

FOLDER = Path(__file__).parent / "json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(topic: Topic) -> str:
    """A topic's schema as its file holds it."""
    schema = {"$schema": DIALECT, **event_model(topic).model_json_schema()}
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def write(folder: Path = FOLDER) -> None:
    """One file per topic."""
    folder.mkdir(parents=True, exist_ok=True)
    for topic in Topic:
        (folder / f"{topic}.json").write_text(schema_text(topic), encoding="utf-8")


if __name__ == "__main__":
    write()
