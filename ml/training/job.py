"""Trains, exports to OpenVINO int8, and measures the export.

`python -m ml.training.job DATA BASE OUT EPOCHS SIDE`. Runs in the reference environment.
Writes OUT/result.json, or says on the last line of stderr what is wrong.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from ml.training.dataset import BadDataset, Dataset, dataset_in

BATCH = 8


def main(data: str, base: str, out: str, epochs: str, side: str) -> int:
    """The exit status: 2 for a data set that cannot be trained on."""
    try:
        dataset = dataset_in(Path(data))
    except BadDataset as error:
        sys.stderr.write(f"{error}\n")
        return 2
    result = _train(dataset, base, Path(out), int(epochs), int(side))
    (Path(out) / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return 0


def _train(dataset: Dataset, base: str, out: Path, epochs: int, side: int) -> dict[str, Any]:
    from ultralytics import YOLO

    # No plots, no helper processes, no mixed precision: the last would want to download a model to try it.
    usual = {"data": str(dataset.file), "imgsz": side, "device": "cpu", "project": str(out), "exist_ok": True}
    model = YOLO(base)
    model.train(
        **usual, epochs=epochs, batch=BATCH, workers=0, amp=False, plots=False, verbose=False, name="train"
    )
    best = Path(model.trainer.best)
    exported = Path(
        YOLO(best).export(format="openvino", quantize=8, imgsz=side, data=str(dataset.file), fraction=1.0)
    )
    measured = YOLO(exported, task="detect").val(
        **usual, batch=1, workers=0, plots=False, verbose=False, name="val"
    )
    shutil.move(exported, out / "export")
    shutil.move(best, out / "weights.pt")
    return {"metrics": _short(measured.results_dict), "names": dataset.names, "pictures": dataset.pictures}


def _short(results: dict[str, Any]) -> dict[str, float]:
    """`metrics/mAP50(B)` is `mAP50`; of the int8 export, for that is what runs."""
    return {
        name.removeprefix("metrics/").removesuffix("(B)"): round(float(value), 4)
        for name, value in results.items()
        if name.startswith("metrics/")
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
