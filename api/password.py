"""Hashes and checks passwords with bcrypt, in threads, at the same cost whether the person exists or not."""

import asyncio
import base64
import hashlib
import unicodedata

import bcrypt

SHORTEST = 10
LONGEST = 256


class Passwords:
    """bcrypt takes 72 bytes and no NUL, so it gets the base64 of a SHA-256 of the normalised password."""

    def __init__(self, rounds: int = 12) -> None:
        self._rounds = rounds
        self._nobody = bcrypt.hashpw(b"nobody has this password", bcrypt.gensalt(rounds))

    async def hash(self, password: str) -> str:
        """A salted hash, at most 60 characters."""
        digest = await asyncio.to_thread(bcrypt.hashpw, _condensed(password), bcrypt.gensalt(self._rounds))
        return digest.decode("ascii")

    async def matches(self, password: str, digest: str | None) -> bool:
        """Whether the password has this hash; without a hash it works as hard and says no."""
        known = digest.encode("ascii") if digest else self._nobody
        is_right = await asyncio.to_thread(bcrypt.checkpw, _condensed(password), known)
        return is_right and digest is not None


def _condensed(password: str) -> bytes:
    normal = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hashlib.sha256(normal).digest())
