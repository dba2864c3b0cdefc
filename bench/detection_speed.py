"""Milliseconds of processor time a frame, stage by stage, on one core: `python -m bench.detection_speed`.

Measures the lean runtime, and the vendors' own where `make reference` made their environment, each in a process
of its own. Prints a table and writes bench/results/detection_speed.json.
"""

# ruff: noqa: T201 - a benchmark talks to people on the terminal

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from ml.build import Analysts, Runtime, build_detectors
from ml.clip import frames
from ml.evaluation.phone import HeldPhone
from ml.frame import Pixels, decode, encode
from ml.model_store import ModelStore
from ml.picture import measure
from ml.yolo import OpenVinoObjects
from schema.incident import Preset, policy_for
from schema.record import Record, RecordKind
from schema.settings import Settings

RESULT = Path(__file__).parent / "results" / "detection_speed.json"
REFERENCE = Path(".venv-reference/bin/python")
FRAMES = 60
LOAD = 0.7
STAGES = ("decode", "picture", "faces", "objects", "JPEG to things", "inference alone", "calm", "difficult")
Figures = dict[str, float]


def main() -> None:
    """One runtime where it is named, else both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime", choices=("openvino", "reference"))
    runtime = parser.parse_args().runtime
    if runtime is not None:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        print(json.dumps(measured(runtime)))
        return
    found = {"openvino": in_a_process(sys.executable, "openvino")}
    if REFERENCE.exists():
        found["reference"] = in_a_process(str(REFERENCE), "reference")
    table(found)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=1) + "\n")


def in_a_process(python: str, runtime: str) -> Figures:
    """A runtime measured in its own environment, on one core."""
    settings = {**os.environ, "YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "OMP_NUM_THREADS": "1"}
    command = [python, "-m", "bench.detection_speed", "--runtime", runtime]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"measuring {runtime} failed: {done.stderr[-800:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def measured(runtime: Runtime) -> Figures:
    """Median milliseconds of each stage; the whole path as the mean over a stream of one frame a second."""
    settings = Settings()
    detectors = build_detectors(ModelStore(settings.models_dir, settings.sample_media_dir), runtime)
    shown = (frames(settings.sample_media_dir / "clips" / "book.mkv") * 2)[:FRAMES]
    pixels = [taken for jpeg in shown if (taken := decode(jpeg)) is not None]
    figures = {
        "decode": median(lambda n: decode(shown[n])),
        "picture": median(lambda n: measure(pixels[n], None)),
        "faces": median(lambda n: detectors.faces.faces(pixels[n])),
    }
    if detectors.objects is not None:
        objects = detectors.objects
        figures["objects"] = median(lambda n: objects.sightings(pixels[n]))
        figures["JPEG to things"] = median(lambda n: objects.sightings(pixels_of(shown[n])))
        if isinstance(objects, OpenVinoObjects):
            figures["inference alone"] = median(lambda n: objects.infer(pixels[n]))
    analysts, there = Analysts(detectors), frames(settings.sample_media_dir / "clips" / "sister.mkv", every=3)
    calm = [*there, *there[-2:0:-1]] * 3  # forwards and backwards: nobody jumps
    difficult = [with_doubt(*each) for each in enumerate(calm)]
    return {**figures, "calm": whole_path(analysts, calm), "difficult": whole_path(analysts, difficult)}


def pixels_of(jpeg: bytes) -> Pixels:
    """Of a frame that decodes."""
    pixels = decode(jpeg)
    if pixels is None:
        raise SystemExit("a sample frame does not decode")
    return pixels


def with_doubt(number: int, jpeg: bytes) -> bytes:
    """The frame with something at its lower edge that is doubtful again and again, and never a phone for sure."""
    held = HeldPhone(height=120, place="low", seed=29)
    return encode(held.paste(number, pixels_of(jpeg), (140, 170, 220)))


def median(stage: Callable[[int], object]) -> float:
    """Milliseconds of this stage over the frames, without the first few."""
    return statistics.median([clocked(partial(stage, number)) for number in range(FRAMES)][5:])


def whole_path(analysts: Analysts, shown: list[bytes]) -> float:
    """Milliseconds a frame from JPEG to incident, object detector only when it is due."""
    start, attempt = datetime(2026, 1, 1, tzinfo=UTC), UUID(int=1)
    times = [start + timedelta(seconds=number) for number in range(len(shown))]
    records = [
        Record(number, RecordKind.FRAME, attempt, number, times[number], times[number], jpeg)
        for number, jpeg in enumerate(shown)
    ]
    watcher = analysts.watcher(attempt, policy_for(Preset.MODERATE))
    return clocked(lambda: watcher.analyse(None, records)) / len(shown)


def clocked(work: Callable[[], object]) -> float:
    """Milliseconds this takes."""
    begin = time.process_time()
    work()
    return 1000 * (time.process_time() - begin)


def table(found: dict[str, Figures]) -> None:
    """To the terminal, as Markdown."""
    reference = found.get("reference")
    print("| stage, ms a frame | " + " | ".join(found) + (" | ratio |" if reference else " |"))
    print("|---" * (len(found) + (2 if reference else 1)) + "|")
    for stage in STAGES:
        cells = [f"{figures[stage]:.1f}" if stage in figures else "off" for figures in found.values()]
        ratio = (
            [f"{reference[stage] / found['openvino'][stage]:.2f}"] if reference and stage in reference else []
        )
        print(f"| {stage} | " + " | ".join([*cells, *ratio]) + " |")
    for name, figures in found.items():
        for stream in ("calm", "difficult"):
            students = LOAD * 1000 / figures[stream]
            print(
                f"{name}: {students:.0f} students a core at {LOAD:.0%} load, {stream} stream, a frame a second"
            )


if __name__ == "__main__":
    main()
