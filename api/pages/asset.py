"""The files of the screens, kept in memory, compressed once, and named by their common version."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "static"
# Not left to the machine's own table, which may lack some.
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: as it is, and compressed."""

    media_type: str
    plain: bytes
    compressed: bytes


class Assets:
    """All files below `folder`. `version` changes with any of them, so a browser may keep what it has for ever."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._stamp: frozenset[tuple[str, int, int]] = frozenset()
        self._files: dict[str, Asset] = {}
        self.version = ""
        self.refresh()

    def refresh(self) -> None:
        """Read again what has changed: whoever edits a screen reloads the page, and that is all."""
        paths = sorted(path for path in self._folder.rglob("*") if path.is_file())
        stamp = frozenset((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
        if stamp == self._stamp:
            return
        self._files = {path.relative_to(self._folder).as_posix(): _read(path) for path in paths}
        digest = hashlib.sha256()
        for name, asset in self._files.items():
            digest.update(name.encode() + b"\0" + asset.plain)
        self._stamp, self.version = stamp, digest.hexdigest()[:12]

    def find(self, name: str) -> Asset | None:
        """The file of this name, `core/dom.js` for example."""
        return self._files.get(name)


def _read(path: Path) -> Asset:
    plain = path.read_bytes()
    guessed = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(guessed, plain, gzip.compress(plain, mtime=0))
