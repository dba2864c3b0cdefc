"""Quarantine: what is no event is kept as it came, counted, and replaces itself when it comes again."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from activities.adapters.files import FileStore
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.adapters.quarantine import Quarantine
from activities.ports import ObjectStore


@pytest.fixture(params=["memory", "files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return MemoryObjectStore() if request.param == "memory" else FileStore(tmp_path)


async def names(store: ObjectStore) -> Sequence[str]:
    return sorted(kept.name for kept in await store.list("quarantine/events"))


async def test_what_is_kept_says_where_it_stood_and_why(store: ObjectStore) -> None:
    quarantine = Quarantine(store)

    await quarantine.keep("high_risk_alert", "3-1042", b'{"half', "EOF while parsing")
    await quarantine.keep("high_risk_alert", "3-1043", b"\xff\x00", "not UTF-8")
    await quarantine.keep("exam_submitted", "0-1", None, "empty")

    folder = "quarantine/events"
    assert await names(store) == [
        f"{folder}/exam_submitted/0-1.json",
        f"{folder}/high_risk_alert/3-1042.json",
        f"{folder}/high_risk_alert/3-1043.json",
    ]
    text, binary, empty = [
        json.loads(await store.get(f"{folder}/{name}.json"))
        for name in ("high_risk_alert/3-1042", "high_risk_alert/3-1043", "exam_submitted/0-1")
    ]
    assert text == {
        "topic": "high_risk_alert", "place": "3-1042", "why": "EOF while parsing", "text": '{"half',
    }  # fmt: skip
    assert base64.b64decode(binary["base64"]) == b"\xff\x00"
    assert empty["text"] is None
    assert quarantine.counts == {"high_risk_alert": 2, "exam_submitted": 1}


async def test_what_comes_again_is_there_once(store: ObjectStore) -> None:
    for _ in range(2):
        await Quarantine(store).keep("exam_submitted", "0-1", b"no", "no JSON")

    assert await names(store) == ["quarantine/events/exam_submitted/0-1.json"]
