"""Uploads to a real HDFS: streamed, resumed where they broke off, checked, and swept when nobody finishes them."""

import asyncio
import os
import random
import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from activities.adapters.hdfs import HdfsStore
from activities.adapters.hdfs_digest import HdfsDigest
from activities.adapters.hdfs_upload import Upload
from activities.adapters.web_hdfs import WebHdfs
from activities.ports import StoredObject
from schema.failures import Failure, FailureType
from tests.stack.hdfs.conftest import USER
from tests.stack.hdfs.wire import wire_to
from tests.stack.running import RunningStack

MIB = 2**20
NAME = "raw/frames/2026/11/22/0190/1-2.pack"
SOON = timedelta(seconds=2)


async def stream(seed: int, size: int) -> AsyncIterator[bytes]:
    numbers = random.Random(seed)
    for _ in range(size // MIB):
        yield numbers.randbytes(MIB)


@pytest.fixture
def web(hdfs_url: str) -> WebHdfs:
    return WebHdfs(hdfs_url, USER)


async def test_a_large_stream_arrives_whole_in_little_memory(store: HdfsStore) -> None:
    size = 50 * MIB
    tracemalloc.start()

    stored = await store.put(NAME, stream(1, size))

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert stored == await store.stat(NAME) == StoredObject(NAME, size)
    assert most < 30 * MIB
    at = 0
    async for piece in stream(1, size):
        assert await store.get(NAME, at, MIB) == piece
        at += MIB


async def test_a_broken_upload_goes_on_where_it_broke_off(stack: RunningStack, root: str) -> None:
    data = random.Random(2).randbytes(12 * MIB)

    async with wire_to(stack.ports, 8 * MIB) as wire:
        store = HdfsStore(wire.url, USER, root)
        await store.put(NAME, data)
        sent = list(wire.sent)
        assert await store.get(NAME) == data

    assert len(sent) == 2
    assert len(data) <= sum(sent) < len(data) + MIB // 10  # HTTP's own words beside the data


async def test_a_stream_that_breaks_off_twice_arrives_whole(
    stack: RunningStack, store: HdfsStore, root: str
) -> None:
    size = 20 * MIB

    async with wire_to(stack.ports, 6 * MIB, 7 * MIB) as wire:
        await HdfsStore(wire.url, USER, root).put(NAME, stream(3, size))
        sent = list(wire.sent)

    assert await store.get(NAME) == b"".join([piece async for piece in stream(3, size)])
    # Beyond the whole at most one piece, of which HDFS may forget what it did not acknowledge.
    assert size <= sum(sent) < size + 8 * MIB


async def test_an_object_that_is_cut_short_is_noticed(web: WebHdfs, root: str) -> None:
    upload = Upload(web, f"{root}/short", SOON)
    await upload.add(os.urandom(MIB))
    await web.create(f"{root}/short", os.urandom(1_000), MIB)

    with pytest.raises(Failure, match=r"of 1048576 bytes, HDFS has 1000 bytes in .*/short"):
        await upload.check()


async def test_an_object_with_other_bytes_is_noticed(web: WebHdfs, root: str) -> None:
    upload, data = Upload(web, f"{root}/other", SOON), os.urandom(MIB)
    await upload.add(data)
    await web.create(f"{root}/other", b"\0" + data[1:], 128 * MIB)

    with pytest.raises(Failure, match="reads with other bytes than were sent"):
        await upload.check()


@pytest.mark.parametrize("size", [1, 511, 512, 513, MIB - 1, MIB, MIB + 1, 3 * MIB + 700])
async def test_our_checksum_is_that_of_hdfs(web: WebHdfs, root: str, size: int) -> None:
    data, digest = os.urandom(size), HdfsDigest(MIB)
    await web.create(f"{root}/sum", data, MIB)
    for start in range(0, size, 100_000):
        digest.update(data[start : start + 100_000])

    algorithm, answer = await web.checksum(f"{root}/sum")

    assert digest.agrees(algorithm, answer)
    digest.update(b"x")
    assert not digest.agrees(algorithm, answer)


def test_a_composite_checksum_is_understood() -> None:
    digest = HdfsDigest(MIB)

    digest.update(b"123456789")

    assert digest.agrees("COMPOSITE-CRC32C", "e3069283")
    assert not digest.agrees("COMPOSITE-CRC32C", "e3069284")
    assert not digest.agrees("MD5-of-0MD5-of-512CRC32", "e3069283")


async def test_what_a_write_that_broke_off_left_behind_goes_by_its_age(
    store: HdfsStore, web: WebHdfs, root: str
) -> None:
    await web.create(f"{root}/.partial/0190", b"half", MIB)
    await store.put(NAME, b"whole")

    swept = [await store.sweep(age) for age in (timedelta(hours=1), timedelta(0))]

    assert swept == [0, 1]
    assert await web.children(f"{root}/.partial") == []
    assert await store.list("") == [StoredObject(NAME, 5)]


async def test_readers_see_the_old_or_the_new_and_never_nothing(store: HdfsStore) -> None:
    versions = [bytes([65 + number]) * 10_000 for number in range(8)]
    await store.put(NAME, versions[0])
    writing = asyncio.create_task(_write_all(store, versions))

    seen = set()
    while not writing.done():
        seen.add(await store.get(NAME))

    await writing
    assert seen <= set(versions)
    assert await store.get(NAME) == versions[-1]


async def _write_all(store: HdfsStore, versions: list[bytes]) -> None:
    for version in versions:
        await store.put(NAME, version)


async def test_a_name_node_that_stands_by_is_passed_over(hdfs_url: str, root: str) -> None:
    store = HdfsStore(f"http://127.0.0.1:9, {hdfs_url}", USER, root, patience=SOON)

    await store.put(NAME, b"x")

    assert await store.get(NAME) == b"x"


async def test_a_wrong_user_is_named(hdfs_url: str, store: HdfsStore, root: str) -> None:
    await store.put(NAME, b"x")

    with pytest.raises(Failure) as refused:
        await HdfsStore(hdfs_url, "stranger", root).put(NAME, b"y")

    assert refused.value.type is FailureType.UNAVAILABLE
    assert "to user stranger: Permission denied" in refused.value.message
    assert "HDFS_USER" in refused.value.message
    assert await store.get(NAME) == b"x"


@pytest.mark.parametrize("service", ["name_node", "nobody"])
async def test_a_wrong_address_is_named(stack: RunningStack, service: str) -> None:
    port = 9 if service == "nobody" else stack.ports.name_node
    said = "does not answer" if service == "nobody" else "HDFS_URL|not the correct port"

    with pytest.raises(Failure, match=said) as refused:
        await HdfsStore(f"http://127.0.0.1:{port}", USER, "/test", patience=SOON).put(NAME, b"y")

    assert refused.value.is_retryable
    assert f"127.0.0.1:{port}" in refused.value.message
