"""The house's conventions, each turned into a check: whoever breaks one is told which and why."""

import ast
import importlib.metadata
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schema.settings import Settings

ROOT = Path(__file__).parent.parent
ROOMS = ("schema", "workflows", "activities", "workers", "api", "ml", "dags")
BUILT = tuple(room for room in ROOMS if (ROOT / room).is_dir())

# What a workflow, or an activity class it names, must not pull in: engines, brokers, models, web servers.
ENGINES = {
    "PIL", "aiokafka", "aiomysql", "aiosmtplib", "aiosqlite", "alembic", "bcrypt", "cv2", "fastapi", "hdfs",
    "jinja2", "mediapipe", "numpy", "openvino", "pandas", "reportlab", "sqlalchemy", "starlette", "torch",
    "ultralytics", "uvicorn",
}  # fmt: skip

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
FILE_LINES = 300
FUNCTION_LINES = 45


def modules(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_roots(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module.split(".")[0]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


WALK = """
import importlib, pkgutil, {room}
for found in pkgutil.{walk}({room}.__path__, "{room}."):
    if not ({walk!r} == "iter_modules" and found.ispkg):
        importlib.import_module(found.name)
"""
REPORT = """
import json, sys
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def python(program: str) -> str:
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def loaded_by(room: str, *, with_subpackages: bool = True) -> set[str]:
    """Top-level names in `sys.modules` of a fresh interpreter that imported every module of a room."""
    walk = "walk_packages" if with_subpackages else "iter_modules"
    return set(json.loads(python(WALK.format(room=room, walk=walk) + REPORT)))


# --- Arrows point inward --------------------------------------------------------------------------


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_workflows_pull_in_no_engine() -> None:
    loaded = loaded_by("workflows")

    assert "temporalio" in loaded
    assert loaded.isdisjoint(ENGINES), sorted(loaded & ENGINES)


def test_schema_shapes_pull_in_no_engine() -> None:
    loaded = loaded_by("schema", with_subpackages=False)

    assert loaded.isdisjoint(ENGINES), sorted(loaded & ENGINES)


def test_a_workflow_file_imports_temporalio_shapes_and_activities_only() -> None:
    allowed = set(sys.stdlib_module_names) | {"temporalio", "pydantic", "schema", "activities", "workflows"}

    strangers = [
        f"{shown(path)}:{line} imports {root}"
        for path in modules("workflows")
        for line, root in imported_roots(parsed(path))
        if root not in allowed
    ]

    assert strangers == []


def test_the_demo_imports_nothing_of_ours() -> None:
    """It proves the public interface, so it may know nothing else; not even the rest of `api`."""
    own = [
        f"{shown(path)}:{node.lineno}"
        for path in modules("api/demo")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        and ((node.module or "").split(".")[0] in ROOMS and not (node.module or "").startswith("api.demo"))
    ]

    assert own == []


# --- The rooms are ours ---------------------------------------------------------------------------


@pytest.mark.parametrize("room", BUILT)
def test_the_room_imported_is_ours(room: str) -> None:
    assert Path(python(f"import {room}; print({room}.__path__[0])")) == ROOT / room


@pytest.mark.parametrize("room", ROOMS)
def test_no_installed_package_claims_a_room(room: str) -> None:
    """`schema`, `workflows` and others are names on the package index too; none may be installed."""
    assert room not in importlib.metadata.packages_distributions()


def test_there_is_no_other_room() -> None:
    known = {
        *ROOMS,
        "spark-jobs",
        "tests",
        "bench",
        "docs",
        "deploy",
        "requirements",
        "var",
        "models",
        "node_modules",
    }

    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}

    assert rooms <= known


# --- Names, sizes, comments -----------------------------------------------------------------------


def test_modules_are_named_for_a_thing() -> None:
    vague = [shown(path) for path in modules(*BUILT, "tests") if path.stem in FORBIDDEN_NAMES]

    assert vague == []


def test_files_and_functions_stay_short() -> None:
    long = [
        f"{shown(path)} has {lines} lines, of at most {FILE_LINES}: which noun is hiding inside?"
        for path in modules(*BUILT)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    ]
    long += [
        f"{shown(path)}:{function.lineno} {function.name} has {lines} lines, of at most {FUNCTION_LINES}"
        for path in modules(*BUILT)
        for function in functions(parsed(path))
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    ]

    assert long == []


def test_media_and_machines_are_named_by_settings_only() -> None:
    """Where sample media lie is the setting SAMPLE_MEDIA_DIR, so no other module names a folder outside.

    The demo's entry point reads that setting by itself: a client does not know our `Settings`.
    """
    literal = [
        f"{shown(path)}:{node.lineno} {node.value!r}"
        for path in modules(*BUILT, "tests")
        if path
        not in {ROOT / "schema" / "settings.py", ROOT / "api" / "demo" / "surroundings.py", Path(__file__)}
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.startswith(("../shared", "/work/", "/root", "/home"))
    ]

    assert literal == []


def decorated(node: ast.AST, decorator: str) -> bool:
    names = [
        ast.unparse(found.func if isinstance(found, ast.Call) else found)
        for found in getattr(node, "decorator_list", [])
    ]
    return decorator in names


def test_one_workflow_or_activity_class_per_file() -> None:
    def count(path: Path) -> int:
        classes = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)]
        return sum(
            decorated(found, "workflow.defn")
            or any(decorated(method, "activity.defn") for method in found.body)
            for found in classes
        )

    crowded = [shown(path) for path in modules("workflows", "activities") if count(path) > 1]

    assert crowded == []


def test_every_command_has_a_named_budget() -> None:
    """Timeouts, retries and queues are written in `workflows/options.py` only."""
    budget = {
        "start_to_close_timeout",
        "schedule_to_close_timeout",
        "heartbeat_timeout",
        "retry_policy",
        "task_queue",
    }

    inline = [
        f"{shown(path)}:{word.value.lineno} {word.arg}"
        for path in modules("workflows")
        if path.name != "options.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg in budget
    ]

    assert inline == []


# --- Edges own resources --------------------------------------------------------------------------


def test_settings_are_built_by_entry_points_only() -> None:
    built = [
        f"{shown(path)}:{node.lineno}"
        for path in modules("workflows", "activities", "ml", "schema")
        if path
        not in {ROOT / "ml" / "models.py", ROOT / "ml" / "__main__.py", ROOT / "schema" / "settings.py"}
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Settings"
    ]

    assert built == []


def test_every_setting_is_read_somewhere() -> None:
    """A setting that nothing reads is a promise that nothing keeps."""
    read = {
        node.attr
        for path in modules(*BUILT)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and not (isinstance(node.value, ast.Name) and node.value.id == "cls")
    }

    assert set(Settings.model_fields) - read == set()


def test_a_transaction_ends_where_its_session_does() -> None:
    """Sessions commit at their border, so one request or activity is one transaction."""
    committing = [
        f"{shown(path)}:{node.lineno}"
        for path in modules(*BUILT)
        if ROOT / "schema" / "db" not in path.parents
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
        if not node.args  # with arguments it is a port's own verb, such as a checkpoint's
    ]

    assert committing == []


def test_relationships_never_load_by_themselves() -> None:
    lazy = [
        f"{shown(path)}:{node.lineno}"
        for path in modules("schema/db")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "relationship"
        if not any(
            word.arg == "lazy" and isinstance(word.value, ast.Constant) and word.value.value == "raise"
            for word in node.keywords
        )
    ]

    assert lazy == []


# --- Tests ----------------------------------------------------------------------------------------


def called(function: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def asserts(function: ast.AST, judges: set[str]) -> bool:
    """Has an assertion, expects an error, or calls one of the tests' own functions that do."""
    return any(isinstance(node, ast.Assert) for node in ast.walk(function)) or not called(
        function
    ).isdisjoint(judges)


def test_every_test_asserts_something() -> None:
    own = [function for path in modules("tests") for function in functions(parsed(path))]
    judges = {"raises", "warns"} | {function.name for function in own if asserts(function, set())}

    mute = [
        f"{shown(path)}:{function.lineno} {function.name}"
        for path in modules("tests")
        if path.name.startswith("test_")
        for function in functions(parsed(path))
        if function.name.startswith("test_") and not asserts(function, judges)
    ]

    assert mute == []


def test_fakes_are_classes_we_own() -> None:
    mocking = [
        f"{shown(path)}:{node.lineno}"
        for path in modules("tests")
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.ImportFrom) and node.module in {"unittest", "unittest.mock"})
        or (isinstance(node, ast.Import) and any(alias.name.startswith("unittest") for alias in node.names))
    ]

    assert mocking == []
