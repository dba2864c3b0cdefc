"""Things in a picture: Ultralytics YOLO11n in its OpenVINO export, decoded as Ultralytics' predict does."""

import re
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import openvino
from openvino.preprocess import ColorFormat, PrePostProcessor

from ml.boxes import Floats, clusters
from ml.detector import SIGHTING_FLOOR, ModelCard
from ml.frame import Pixels
from ml.runtime import Inference, read, sha256_of
from ml.yolo_graph import reshape_for
from schema.detection import Box, Sighting, Thing

HEIGHT, WIDTH = 480, 640
LARGER = 640, 864  # a third more of each, in steps of 32
OVERLAP = 0.7
PADDING = 114
# Positions of our things among the 80 classes of COCO, as Ultralytics numbers them: for an export that names none.
COCO = {0: Thing.PERSON, 62: Thing.SCREEN, 63: Thing.LAPTOP, 67: Thing.PHONE, 73: Thing.BOOK}


class OpenVinoObjects:
    """Things by OpenVINO.

    Takes an Ultralytics export folder and reshapes its graph to 480x640; a graph that does not allow that
    runs at the size it was exported for.
    """

    def __init__(self, folder: Path, *, native: bool = False) -> None:
        """`native` keeps the exported size, which is what Ultralytics itself runs."""
        xml = next(folder.glob("*.xml"))
        model = read(xml)
        if not native and not reshape_for(model, HEIGHT, WIDTH):
            model = read(xml)
        self._known = _things(folder)
        self._usual = _Sized(model)
        larger = read(xml)
        self._larger = _Sized(larger) if not native and reshape_for(larger, *LARGER) else self._usual
        size = f"{self._usual.height}x{self._usual.width}"
        self.card = ModelCard(
            f"yolo {xml.stem} {size}", _version(folder), "openvino", sha256_of(*_weights(xml))
        )

    def sightings(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        return self._usual.sightings(pixels, self._known)

    def infer(self, pixels: Pixels) -> None:
        """The inference alone of a picture of the graph's own size, for benchmarks."""
        self._usual.infer(pixels)

    def enlarged(self, pixels: Pixels) -> tuple[Sighting, ...]:
        """See ObjectDetector."""
        return self._larger.sightings(pixels, self._known)


class _Sized:
    """A graph at its size."""

    def __init__(self, model: openvino.Model) -> None:
        _, _, self.height, self.width = model.input(0).shape
        self._inference = Inference(_taking_pixels(model))

    def infer(self, pixels: Pixels) -> list[Floats]:
        """The graph's outputs for a picture of its size."""
        return self._inference.run(pixels[None])

    def sightings(self, pixels: Pixels, known: Mapping[int, Thing]) -> tuple[Sighting, ...]:
        """The known things of this picture, best first."""
        placed, ratio, left, top = _letterbox(pixels, self.height, self.width)
        rows = self._inference.run(placed[None])[0][0].T
        height, width = pixels.shape[:2]
        frame = np.array([width, height, width, height], np.float32)
        return tuple(_suppressed(*_candidates(rows, left, top, ratio, frame, known)))


def _taking_pixels(model: openvino.Model) -> openvino.Model:
    """The graph with colour order, scaling to 0..1 and planes built in: it takes rows x columns x BGR bytes."""
    steps = PrePostProcessor(model)
    tensor = steps.input().tensor()
    tensor.set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC")).set_color_format(
        ColorFormat.BGR
    )
    steps.input().preprocess().convert_element_type(openvino.Type.f32).convert_color(ColorFormat.RGB).scale(
        255.0
    )
    steps.input().model().set_layout(openvino.Layout("NCHW"))
    return steps.build()


def _letterbox(pixels: Pixels, height: int, width: int) -> tuple[Pixels, float, int, int]:
    """The picture scaled to fit and centred on grey, with the scale and the left and top margins in pixels."""
    rows, columns = pixels.shape[:2]
    ratio = min(height / rows, width / columns)
    size = round(columns * ratio), round(rows * ratio)
    scaled = pixels if size == (columns, rows) else cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    left, top = round((width - size[0]) / 2 - 0.1), round((height - size[1]) / 2 - 0.1)
    placed = np.full((height, width, 3), PADDING, np.uint8)
    placed[top : top + size[1], left : left + size[0]] = scaled
    return placed, ratio, left, top


def _candidates(
    rows: Floats, left: int, top: int, ratio: float, frame: Floats, known: Mapping[int, Thing]
) -> tuple[Floats, Floats, list[Thing]]:
    """Boxes as fractions, scores and things of the anchors whose best class is one of ours."""
    likely = np.flatnonzero(rows[:, [4 + position for position in known]].max(axis=1) >= SIGHTING_FLOOR)
    rows = rows[likely]
    classes = rows[:, 4:].argmax(axis=1)
    ours = np.isin(classes, list(known))
    rows, classes = rows[ours], classes[ours]
    middle, half = rows[:, :2], rows[:, 2:4] / 2
    corners = np.concatenate([middle - half, middle + half], axis=1) - np.array([left, top, left, top])
    boxes = np.clip(corners / ratio / frame, 0, 1).astype(np.float32)
    return boxes, rows[:, 4:].max(axis=1), [known[int(position)] for position in classes]


def _suppressed(boxes: Floats, scores: Floats, things: list[Thing]) -> list[Sighting]:
    """The best of every cluster of overlapping boxes of the same thing, best first."""
    apart = np.array([[4.0 * list(Thing).index(thing)] for thing in things], np.float32).reshape(-1, 1)
    winners = [members[0] for members in clusters(boxes + apart, scores, OVERLAP)]
    return [Sighting(things[i], Box(*boxes[i].tolist()), float(scores[i])) for i in winners]


def _weights(xml: Path) -> tuple[Path, Path]:
    return xml, xml.with_suffix(".bin")


def _things(folder: Path) -> Mapping[int, Thing]:
    """Our things by their position among the classes that the export's metadata names. Raises ValueError for none."""
    text = _metadata(folder)
    if "names:" not in text:
        return COCO
    named = re.findall(r"^  (\d+): (.+)$", text.partition("names:")[2], re.MULTILINE)
    wanted = {thing.value: thing for thing in Thing}
    known = {int(number): wanted[name] for number, raw in named if (name := raw.strip(" '\"")) in wanted}
    if not known:
        raise ValueError(f"its classes have none of {', '.join(Thing)}")
    return known


def _version(folder: Path) -> str:
    """The Ultralytics version that exported the folder, from its metadata."""
    lines = _metadata(folder).splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("version:")), "unknown")


def _metadata(folder: Path) -> str:
    metadata = folder / "metadata.yaml"
    return metadata.read_text(encoding="utf-8") if metadata.exists() else ""
