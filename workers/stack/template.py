"""Configuration files: the templates in config/ with this machine's ports and folders filled in."""

from pathlib import Path
from string import Template

CONFIG = Path(__file__).parent / "config"


def fill(template: str, target: Path, **values: object) -> Path:
    """Write `config/{template}` with its $names filled in. Raises KeyError when a name has no value."""
    text = Template((CONFIG / template).read_text(encoding="utf-8")).substitute(values)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target
