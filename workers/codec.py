"""Encrypts every payload with AES-GCM, so that histories hold nothing readable without a key.

Each payload names its key in the metadata, so old payloads stay readable after a rotation: put the new key
first, keep the old ones behind it. AES-GCM as in NIST SP 800-38D, 96-bit random nonces.

A payload in plaintext was written by somebody without a key and is refused: whoever reaches Temporal's port could
else steer exams. ALLOW_INSECURE=plaintext_payloads takes them, for exams that began before there were keys.
"""

import logging
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from schema.failures import Failure, FailureType
from schema.payload_key import parse_keys

LOG = logging.getLogger(__name__)

ENCODING = b"binary/encrypted"
REFUSED = b"binary/refused-plaintext"  # no converter reads it, so the message that carries it is refused
NONCE_BYTES = 12


class UnreadablePayload(Failure):
    """A payload whose key is unknown or whose bytes were changed."""

    def __init__(self, message: str) -> None:
        super().__init__(FailureType.INVALID, message)


class KeyRing:
    """Keys by id; the first one encrypts, all decrypt."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self.current = next(iter(keys))
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}

    @classmethod
    def parse(cls, text: str) -> "KeyRing | None":
        """From `id:base64,id:base64`; None for an empty text. Raises ValueError that never quotes a key."""
        keys = parse_keys(text)
        return cls(keys) if keys else None

    def cipher(self, key_id: str) -> AESGCM:
        """The cipher of a key. Raises UnreadablePayload for an unknown one."""
        if key_id not in self._ciphers:
            raise UnreadablePayload(f"this payload needs key {key_id!r}, which PAYLOAD_KEYS does not hold")
        return self._ciphers[key_id]


class AesGcmCodec(PayloadCodec):
    """Encrypts whole payloads, metadata included; refuses plain ones when decoding, unless they are allowed."""

    def __init__(self, keys: KeyRing, *, is_plain_allowed: bool = False) -> None:
        self._keys = keys
        self._is_plain_allowed = is_plain_allowed

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt with the current key."""
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt with the key each payload names. Raises UnreadablePayload."""
        return [self._decrypt(payload) for payload in payloads]

    def _refuse(self) -> Payload:
        raise UnreadablePayload("a payload is not encrypted, and PAYLOAD_KEYS asks for encrypted ones")

    def _encrypt(self, payload: Payload) -> Payload:
        key_id = self._keys.current
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys.cipher(key_id).encrypt(nonce, payload.SerializeToString(), key_id.encode())
        return Payload(metadata={"encoding": ENCODING, "key-id": key_id.encode()}, data=nonce + sealed)

    def _decrypt(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload if self._is_plain_allowed else self._refuse()
        key_id = payload.metadata.get("key-id", b"").decode(errors="replace")
        nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            plain = self._keys.cipher(key_id).decrypt(nonce, sealed, key_id.encode())
        except (InvalidTag, ValueError) as error:
            raise UnreadablePayload(
                f"a payload under key {key_id!r} was changed or the key is wrong"
            ) from error
        return Payload.FromString(plain)


class WorkerCodec(AesGcmCodec):
    """Refuses message by message: an error here would fail the whole workflow task again and again.

    With this mark in the place of its payload a signal is dropped, an update or a query fails, and the workflow
    goes on; a workflow or an activity that was started so never begins.
    """

    def _refuse(self) -> Payload:
        LOG.warning("a payload in plaintext was refused; somebody without PAYLOAD_KEYS writes to Temporal")
        return Payload(metadata={"encoding": REFUSED})
