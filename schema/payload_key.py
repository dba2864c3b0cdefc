"""The keys that encrypt what Temporal stores, as PAYLOAD_KEYS names them; errors never quote a key."""

import base64
import binascii

KEY_BYTES = (16, 24, 32)


def parse_keys(text: str) -> dict[str, bytes]:
    """Keys by id, in order, from `id:base64,id:base64`; empty for an empty text. Raises ValueError."""
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    return dict(_entry(number, entry) for number, entry in enumerate(entries, start=1))


def _entry(number: int, entry: str) -> tuple[str, bytes]:
    # What stands before the colon is a name only where there is a colon: without one it is the key itself.
    key_id, colon, encoded = entry.partition(":")
    if not colon or not key_id:
        raise ValueError(f"entry {number} of PAYLOAD_KEYS has no name; write it as keyid:base64")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError(f"key {key_id!r} of PAYLOAD_KEYS is not base64") from error
    if len(key) not in KEY_BYTES:
        raise ValueError(f"key {key_id!r} of PAYLOAD_KEYS must have 16, 24 or 32 bytes, not {len(key)}")
    return key_id, key
