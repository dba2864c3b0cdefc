"""Names of variables: those of a file like .env, and those that our settings read."""

import ast
import re
from pathlib import Path

from schema.settings import Settings

ASSIGNMENT = re.compile(r"^([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def variables_of(path: Path) -> dict[str, str]:
    return dict(ASSIGNMENT.findall(path.read_text(encoding="utf-8")))


def setting_names(root: Path) -> set[str]:
    """The product's, and those of the jobs, which live in an environment of their own and are read as text."""
    source = (root / "spark-jobs" / "batch" / "job_settings.py").read_text(encoding="utf-8")
    fields = {
        f"SPARK_{node.target.id.upper()}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    return {name.upper() for name in Settings.model_fields} | fields
