"""Makes our YOLO folder where no one gave us one: Ultralytics downloads its weights and exports them to OpenVINO.

Needs the reference environment (`make reference`) and the network: Ultralytics fetches the weights and the
pictures that the int8 calibration looks at from its own release pages.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ml.model_store import YOLO_FOLDER

WEIGHTS = "yolo11n.pt"
CALIBRATION = "coco128.yaml"
_SCRIPT = f"""
from ultralytics import YOLO
print(YOLO({WEIGHTS!r}).export(format="openvino", quantize=8, imgsz=640, data={CALIBRATION!r}))
"""


class ExportFailed(Exception):
    """Ultralytics could not download or export the weights."""


def export(models: Path, python: Path) -> None:
    """Download, export and put the folder in place, in the environment of `python`. Raises ExportFailed."""
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".exporting-") as name:
        work = Path(name)
        settings = {**os.environ, "YOLO_CONFIG_DIR": str(work)}
        command = [str(python.absolute()), "-c", _SCRIPT]
        done = subprocess.run(command, cwd=work, env=settings, capture_output=True, text=True, check=False)
        made = work / YOLO_FOLDER
        if done.returncode != 0 or not any(made.glob("*.xml")):
            raise ExportFailed(
                f"Ultralytics could not export {WEIGHTS}: {(done.stderr or done.stdout).strip()[-400:]}"
            )
        shutil.rmtree(models / YOLO_FOLDER, ignore_errors=True)
        made.replace(models / YOLO_FOLDER)
