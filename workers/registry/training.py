"""Trains in the reference environment, and adds what came of it to the registry."""

import asyncio
import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from activities.registry.registry import ModelRegistry
from schema.failures import Failure, FailureType
from schema.registry.card import ModelType, Origin, RegistryCard
from schema.registry.name import version_name
from workers.registry.default import add_model

ROOT = Path(__file__).parents[2]
STRIDE = 32
TOLD = 40  # lines of a training that failed


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What to train on, from what, and how; `base` empty means the promoted version's weights."""

    data: Path
    base: str
    epochs: int
    side: int
    licence: str
    by: str
    python: Path


class Training:
    """One run, from the data set to the card."""

    def __init__(self, registry: ModelRegistry, plan: TrainingPlan, tell: Callable[[str], None]) -> None:
        self._registry = registry
        self._plan = plan
        self._tell = tell

    async def run(self) -> RegistryCard:
        """Train, export, measure, add. Raises INVALID, naming the field that is wrong."""
        await asyncio.to_thread(_check, self._plan)
        with tempfile.TemporaryDirectory(prefix="training-") as name:
            work = Path(name)
            base, said = await self._base(work)
            result = await asyncio.to_thread(self._trained, work, base)
            origin = self._origin(said, result)
            return await add_model(
                self._registry, ModelType.OBJECTS, work / "export", origin, work / "weights.pt"
            )

    async def _base(self, work: Path) -> tuple[str, str]:
        """What to begin with, and how the card says it."""
        base = self._plan.base
        if _is_untrained(base):
            return base, f"{base} untrained"
        if base:
            return await asyncio.to_thread(_absolute, base), Path(base).name
        promoted = (await self._registry.promotions(ModelType.OBJECTS)).current
        if promoted is None or ".pt" not in (files := await self._registry.files(promoted)):
            said = "the promoted version of objects has no weights (.pt) to go on from: name some by --base"
            raise _refused(f"{said}, or yolo11n.yaml for an untrained network")
        await asyncio.to_thread((work / "base.pt").write_bytes, files[".pt"])
        return str(work / "base.pt"), version_name(ModelType.OBJECTS, promoted.version)

    def _trained(self, work: Path, base: str) -> dict[str, Any]:
        plan = self._plan
        words = [str(plan.data.absolute()), base, str(work), str(plan.epochs), str(plan.side)]
        # Nothing is fetched: neither weights, nor fonts, nor packages.
        settings = {
            **os.environ,
            "YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_CONFIG_DIR": str(work), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        command = [str(plan.python.absolute()), "-m", "ml.training.job", *words]
        with subprocess.Popen(
            command, cwd=work, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            last = self._heard(process.stdout)
        if process.returncode == 2:
            raise _refused(last[-1] if last else "the data set cannot be trained on")
        if process.returncode:
            raise _refused("the training failed:\n" + "\n".join(last))
        found: dict[str, Any] = json.loads((work / "result.json").read_text(encoding="utf-8"))
        return found

    def _heard(self, output: IO[str]) -> list[str]:
        last: list[str] = []
        for line in output:
            last = [*last[-TOLD:], line.rstrip()]
            self._tell(line.rstrip())
        return last

    def _origin(self, base: str, result: dict[str, Any]) -> Origin:
        plan, pictures = self._plan, result["pictures"]
        name = plan.data.absolute().name
        counts = f"{pictures['train']} pictures, {plan.epochs} epochs"
        metrics = {**result["metrics"], "measured_on": f"{pictures['val']} pictures of {name}, int8"}
        source = f"trained from {base} on {name} ({counts})"
        return Origin(source=source, licence=plan.licence, created_by=plan.by, metrics=metrics)


def _check(plan: TrainingPlan) -> None:
    if plan.side % STRIDE:
        raise _refused(f"--side {plan.side} must be a multiple of {STRIDE}, such as 640")
    if not plan.python.is_file():
        said = f"there is no {plan.python}, where Ultralytics is"
        raise _refused(f"{said}: run `make reference`, or name one by --python")
    if plan.base and not _is_untrained(plan.base) and not Path(plan.base).is_file():
        said = f"--base {plan.base}: there is no such file; nothing is downloaded"
        raise _refused(f"{said}, so name weights that are here, or yolo11n.yaml for an untrained network")


def _is_untrained(base: str) -> bool:
    """A network by its plan, which Ultralytics brings along."""
    return base.endswith(".yaml") and "/" not in base


def _absolute(base: str) -> str:
    return str(Path(base).absolute())


def _refused(said: str) -> Failure:
    return Failure(FailureType.INVALID, said)
