"""A Dockerfile as our checks see it: stages, what is copied from the repository, who runs it."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Dockerfile:
    path: Path
    instructions: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, path: Path) -> "Dockerfile":
        lines = [
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if not line.lstrip().startswith("#")
        ]
        whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
        found = [line.split(None, 1) for line in whole.splitlines() if line.strip()]
        return cls(path, tuple((word.upper(), rest) for word, rest in found))

    def of(self, word: str) -> list[str]:
        return [rest for found, rest in self.instructions if found == word]

    @property
    def bases(self) -> list[str]:
        return [rest.split()[0] for rest in self.of("FROM")]

    @property
    def user(self) -> str:
        """Of the last stage, where it says so."""
        said = ""
        for word, rest in self.instructions:
            said = "" if word == "FROM" else rest.strip() if word == "USER" else said
        return said

    @property
    def sources(self) -> list[str]:
        """What COPY takes from the repository."""
        copied = [rest.split() for rest in self.of("COPY") if "--from=" not in rest]
        return [source for words in copied for source in words[:-1]]
