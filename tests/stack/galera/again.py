"""Takes the tests of modules that were written for any database, to run them with the fixtures of this folder."""

import importlib
from types import FunctionType


def taken_from(*modules: str) -> dict[str, object]:
    """What a module must hold to run the tests of those: tests and fixtures, the tests named after their module."""
    found: dict[str, object] = {}
    for module in modules:
        for name, value in vars(importlib.import_module(module)).items():
            if name.startswith("test_") and isinstance(value, FunctionType):
                found[f"{name}[{module.rpartition('.')[2]}]"] = value
            elif type(value).__name__ == "FixtureFunctionDefinition":
                assert name not in found, f"two modules have a fixture {name}"
                found[name] = value
    return found
