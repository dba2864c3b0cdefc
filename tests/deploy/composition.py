"""docker-compose.yml as our checks see it: the file with its anchors resolved, refused where a key stands twice."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import compose_spec
import yaml

Service = Mapping[str, Any]

VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<rest>[^}]*)\}")


class DuplicateKey(Exception):
    """YAML would take the last of two equal keys without a word."""


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping; a key beside a merge may repeat a merged one."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [key.value for key, _ in node.value]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise DuplicateKey(f"line {node.start_mark.line + 1}: {', '.join(twice)} stands there twice")
    loader.flatten_mapping(node)
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True)
        for key, value in node.value
    }


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@dataclass(frozen=True)
class Mount:
    source: str
    target: str

    @property
    def is_volume(self) -> bool:
        return not self.source.startswith((".", "/"))


@dataclass(frozen=True)
class Composition:
    text: str
    root: Path
    tree: Mapping[str, Any]

    @classmethod
    def read(cls, text: str, root: Path) -> "Composition":
        """Raises DuplicateKey, and ValueError for what the Compose specification refuses."""
        tree = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with one more refusal
        parsed = compose_spec.PyCompose.from_yaml(yaml.safe_dump(tree, allow_unicode=True))
        parsed.validate()
        parsed.to_spec()
        return cls(text, root, tree)

    @property
    def services(self) -> Mapping[str, Service]:
        services: Mapping[str, Service] = self.tree["services"]
        return services

    @property
    def volumes(self) -> set[str]:
        return set(self.tree.get("volumes") or {})

    @property
    def networks(self) -> Mapping[str, Any]:
        return self.tree.get("networks") or {}

    def mounts(self) -> Iterator[tuple[str, Mount]]:
        for name, service in self.services.items():
            for mount in service.get("volumes", ()):
                source, target = mount.split(":")[:2]
                yield name, Mount(source, target)

    def variables(self) -> set[tuple[str, str]]:
        """Each `${NAME…}` with what follows the name."""
        uncommented = "\n".join(line.partition(" #")[0] for line in self.text.splitlines())
        return {(found["name"], found["rest"]) for found in VARIABLE.finditer(uncommented)}

    def environments(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        for name, service in self.services.items():
            yield name, service.get("environment") or {}


def needs(service: Service) -> Mapping[str, Mapping[str, str]]:
    """What it depends on, with the condition."""
    found: Mapping[str, Mapping[str, str]] = service.get("depends_on") or {}
    return found
