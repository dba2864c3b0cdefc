"""Where models lie: the folder `python -m ml.models` fills, or the sample media's."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

FACE_FILE = Path("mediapipe-0.10.21") / "face_detection_full_range_sparse.tflite"
FACE_SHA256 = "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1"
YOLO_FOLDER = Path("yolo11n_int8_openvino_model")


class ModelUnreadable(Exception):
    """A model's files are not what they must be; the text says what is wrong with which file."""


class FaceModelMissing(Exception):
    """There is no face model, and without it nothing can be watched."""


@dataclass(frozen=True, slots=True)
class ModelStore:
    """The folders models are looked for in: `own` (MODELS_DIR) first, then `samples`/models (SAMPLE_MEDIA_DIR)."""

    own: Path
    samples: Path | None = None

    def face_model(self) -> Path:
        """MediaPipe's full-range face model. Raises FaceModelMissing."""
        found = self._find(FACE_FILE)
        if found is None:
            raise FaceModelMissing(f"no {FACE_FILE} under {self.own}: run `make models`")
        return found

    def yolo_folder(self) -> Path | None:
        """A YOLO11n OpenVINO export; None where there is none, which turns object detection off."""
        found = self._find(YOLO_FOLDER)
        return found if found is not None and any(found.glob("*.xml")) else None

    def _find(self, name: Path) -> Path | None:
        folders = [self.own] if self.samples is None else [self.own, self.samples / "models"]
        return next((folder / name for folder in folders if (folder / name).exists()), None)


def weights_of(model: Path) -> tuple[Path, ...]:
    """The files a runtime loads of a model: the file itself, or the graph and the weights of an export folder.

    Raises ModelUnreadable for a folder that is no OpenVINO export.
    """
    if model.is_file():
        return (model,)
    graphs = sorted(model.glob("*.xml"))
    if len(graphs) != 1 or not graphs[0].with_suffix(".bin").is_file():
        raise ModelUnreadable(
            f"{model} is no OpenVINO export: it needs one .xml and the .bin of the same name; name the folder "
            "that Ultralytics' export has made"
        )
    return graphs[0], graphs[0].with_suffix(".bin")


def digest_of(model: Path) -> str:
    """SHA-256 over the contents of these files, as the model's card has it. Raises ModelUnreadable."""
    digest = hashlib.sha256()
    for path in weights_of(model):
        digest.update(path.read_bytes())
    return digest.hexdigest()
