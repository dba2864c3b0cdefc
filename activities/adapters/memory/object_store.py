"""The in-memory twin of the ObjectStore."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from activities.adapters.object_name import checked
from activities.ports import StoredObject
from schema.failures import Failure, FailureType


class MemoryObjectStore:
    """Implements ObjectStore."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    async def put(self, name: str, data: bytes | AsyncIterator[bytes]) -> StoredObject:
        """Write or replace an object. Raises INVALID for a name that is none."""
        checked(name)
        whole = data if isinstance(data, bytes) else b"".join([piece async for piece in data])
        self._objects[name] = whole
        return StoredObject(name, len(whole))

    async def get(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """Read a range. Raises NOT_FOUND."""
        if checked(name) not in self._objects:
            raise Failure(
                FailureType.NOT_FOUND, "there is no such object; go back and choose it again", object_id=name
            )
        return self._objects[name][start : None if length is None else start + length]

    async def stat(self, name: str) -> StoredObject | None:
        """Size, or None."""
        found = self._objects.get(checked(name))
        return None if found is None else StoredObject(name, len(found))

    async def list(self, prefix: str) -> Sequence[StoredObject]:
        """All objects below a folder, or the one of this name, by name."""
        folder = checked(prefix.rstrip("/")) if prefix else ""
        return [
            StoredObject(name, len(data))
            for name, data in sorted(self._objects.items())
            if not folder or name == folder or name.startswith(f"{folder}/")
        ]

    async def delete(self, name: str) -> None:
        """Remove; one that is gone is no error."""
        self._objects.pop(checked(name), None)

    async def sweep(self, age: timedelta) -> int:
        """Nothing is ever left behind."""
        return 0
