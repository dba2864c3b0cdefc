"""ObjectStore: whole objects by safe names, in memory and as files."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.adapters.files import FileStore
from activities.adapters.memory.object_store import MemoryObjectStore
from activities.ports import ObjectStore, StoredObject
from schema.failures import Failure, FailureType

NAME = "raw/frames/2026/11/22/segment-1.pack"


@pytest.fixture(params=["memory", "files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return MemoryObjectStore() if request.param == "memory" else FileStore(tmp_path / "lake")


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


async def failing() -> AsyncIterator[bytes]:
    yield b"half"
    raise ConnectionError("the source broke off")


async def test_an_object_comes_back_whole_and_in_ranges(store: ObjectStore) -> None:
    stored = await store.put(NAME, b"0123456789")

    assert stored == StoredObject(NAME, 10)
    assert await store.get(NAME) == b"0123456789"
    assert await store.get(NAME, 3, 4) == b"3456"
    assert await store.get(NAME, 8) == b"89"
    assert await store.get(NAME, 8, 100) == b"89"
    assert await store.get(NAME, 100) == b""
    assert await store.stat(NAME) == stored


async def test_a_stream_is_stored_whole_and_replaces(store: ObjectStore) -> None:
    await store.put(NAME, b"old")

    await store.put(NAME, pieces(b"new ", b"and ", b"longer"))

    assert await store.get(NAME) == b"new and longer"


async def test_a_write_that_breaks_off_leaves_the_old_object(store: ObjectStore) -> None:
    await store.put(NAME, b"old")

    with pytest.raises(ConnectionError):
        await store.put(NAME, failing())

    assert await store.get(NAME) == b"old"
    assert await store.list("") == [StoredObject(NAME, 3)]


async def test_a_list_holds_what_lies_below_a_folder(store: ObjectStore) -> None:
    for name in ("a/b/2", "a/b/1", "a/bc/3", "d"):
        await store.put(name, b"x")

    assert [found.name for found in await store.list("a/b")] == ["a/b/1", "a/b/2"]
    assert [found.name for found in await store.list("a/b/")] == ["a/b/1", "a/b/2"]
    assert [found.name for found in await store.list("")] == ["a/b/1", "a/b/2", "a/bc/3", "d"]
    assert [found.name for found in await store.list("d")] == ["d"]
    assert await store.list("nowhere") == []


async def test_a_deleted_object_is_gone(store: ObjectStore) -> None:
    await store.put(NAME, b"x")

    await store.delete(NAME)
    await store.delete(NAME)

    assert await store.stat(NAME) is None
    assert await store.list("raw") == []
    with pytest.raises(Failure) as refused:
        await store.get(NAME)
    assert refused.value.type is FailureType.NOT_FOUND


async def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    assert await store.put(NAME, b"") == StoredObject(NAME, 0)

    assert await store.get(NAME) == await store.get(NAME, 3) == b""
    assert await store.list("") == [StoredObject(NAME, 0)]


async def test_nothing_is_swept_that_is_an_object(store: ObjectStore) -> None:
    await store.put(NAME, b"x")

    swept = await store.sweep(timedelta(0))

    assert swept == 0
    assert await store.get(NAME) == b"x"


async def test_a_folder_is_no_object(store: ObjectStore) -> None:
    await store.put(NAME, b"x")

    assert await store.stat("raw/frames") is None
    with pytest.raises(Failure):
        await store.get("raw/frames")


BAD = [
    "",
    "/etc/passwd",
    "../up",
    "a/../b",
    "a/./b",
    "a//b",
    "a/",
    ".hidden",
    "a/.hidden",
    "a:b",
    "a\\b",
    "a\n",
    "é",
]


@pytest.mark.parametrize("name", BAD)
async def test_an_unsafe_name_is_refused(store: ObjectStore, name: str) -> None:
    for call in (store.put(name, b"x"), store.get(name), store.stat(name), store.delete(name)):
        with pytest.raises(Failure) as refused:
            await call
        assert refused.value.type is FailureType.INVALID


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.text(alphabet="ab./:~\\\0 ", max_size=12))
async def test_no_name_leaves_the_folder(tmp_path: Path, name: str) -> None:
    lake = tmp_path / "inside" / "lake"

    with suppress(Failure):
        await FileStore(lake).put(name, b"x")

    assert all(path.is_relative_to(lake) for path in files_below(tmp_path))


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def tree(tmp_path: Path) -> ObjectStore:
    """A store that has real folders."""
    return FileStore(tmp_path)


async def test_a_name_is_a_folder_or_an_object(tree: ObjectStore) -> None:
    await tree.put("a/b", b"x")

    for name in ("a", "a/b/c"):
        with pytest.raises(Failure) as refused:
            await tree.put(name, b"y")
        assert refused.value.type is FailureType.INVALID
    assert await tree.list("") == [StoredObject("a/b", 1)]


async def test_what_a_write_of_a_process_that_died_left_behind_goes_by_its_age(tmp_path: Path) -> None:
    store, left = FileStore(tmp_path), tmp_path / "raw" / ".partial-0190"
    left.parent.mkdir()
    left.write_bytes(b"half")

    swept = [await store.sweep(age) for age in (timedelta(days=1), timedelta(0))]

    assert swept == [0, 1]
    assert files_below(tmp_path) == []
