"""What makes a video of frames; `ml` does it, as the vendors of vision stay there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from schema.record import Record


class FilmInMaking(Protocol):
    """One film; synchronous, for a thread."""

    def add(self, frames: Sequence[Record]) -> None:
        """Further frames, in any order."""

    def finish(self) -> tuple[Path, int]:
        """(the file, how many frames it shows); there is no file where there are none."""

    def close(self) -> None:
        """Let go of what a film that is not finished holds open."""


class FilmSource(Protocol):
    """Makes films."""

    def film(self, folder: Path) -> FilmInMaking:
        """A film that is made in this folder, which nobody else uses."""
