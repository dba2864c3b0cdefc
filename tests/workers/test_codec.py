"""The payload codec: readable with the right key, unreadable without, rotation works."""

import base64

import pytest
from temporalio.api.common.v1 import Payload

from workers.codec import AesGcmCodec, KeyRing, UnreadablePayload

OLD = "k1:" + base64.b64encode(b"a" * 32).decode()
NEW = "k2:" + base64.b64encode(b"b" * 32).decode()
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'{"essay":"text"}')


def codec(text: str) -> AesGcmCodec:
    keys = KeyRing.parse(text)
    assert keys is not None
    return AesGcmCodec(keys)


async def test_hides_and_restores() -> None:
    (sealed,) = await codec(OLD).encode([PLAIN])
    assert b"essay" not in sealed.SerializeToString()
    assert await codec(OLD).decode([sealed]) == [PLAIN]


async def test_rotation_reads_old_payloads_and_writes_with_the_new_key() -> None:
    (old,) = await codec(OLD).encode([PLAIN])
    rotated = codec(f"{NEW},{OLD}")
    (new,) = await rotated.encode([PLAIN])
    assert new.metadata["key-id"] == b"k2"
    assert await rotated.decode([old, new]) == [PLAIN, PLAIN]


@pytest.mark.parametrize("plain", [PLAIN, Payload(), Payload(metadata={"encoding": b"binary/null"})])
async def test_plaintext_is_refused_unless_it_is_allowed(plain: Payload) -> None:
    with pytest.raises(UnreadablePayload, match="not encrypted"):
        await codec(OLD).decode([plain])

    keys = KeyRing.parse(OLD)
    assert keys is not None
    assert await AesGcmCodec(keys, is_plain_allowed=True).decode([plain]) == [plain]


async def test_a_sealed_payload_without_a_key_name_or_a_nonce_is_refused() -> None:
    for metadata, data in (({}, b""), ({"key-id": b"k1"}, b"short"), ({"key-id": b"\xff"}, b"x" * 40)):
        payload = Payload(metadata={"encoding": b"binary/encrypted", **metadata}, data=data)
        with pytest.raises(UnreadablePayload):
            await codec(OLD).decode([payload])


async def test_unknown_key_and_changed_bytes_are_refused() -> None:
    (sealed,) = await codec(OLD).encode([PLAIN])
    with pytest.raises(UnreadablePayload, match="k1"):
        await codec(NEW).decode([sealed])
    sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
    with pytest.raises(UnreadablePayload, match="changed"):
        await codec(OLD).decode([sealed])


KEY = base64.b64encode(b"a" * 32).decode()


@pytest.mark.parametrize("text", ["k1:!!!", "k1:YWJj", f":{KEY}", KEY])
def test_bad_keys_are_named_but_never_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="PAYLOAD_KEYS") as caught:
        KeyRing.parse(text)
    assert text not in str(caught.value)


def test_no_keys_is_no_codec() -> None:
    assert KeyRing.parse("") is None
