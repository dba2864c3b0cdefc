"""A YOLO graph exported for a square, reshaped to a webcam's 4:3.

An Ultralytics export has the size it was made for written into constants: the targets of the reshapes in
the attention block and the head, the anchors' centres and their strides. Changed together with the input,
480x640 costs three quarters of 640x640.
"""

from collections.abc import Iterator

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as ops

STRIDES = (8, 16, 32)


def reshape_for(model: openvino.Model, height: int, width: int) -> bool:
    """Change the graph in place to take `height` x `width` (multiples of 32). False where it does not fit.

    After False the graph may be half changed: read it again.
    """
    sizes = _sizes(model, height, width)
    try:
        for node in list(model.get_ops()):
            _patch(node, sizes)
        model.get_parameters()[0].set_partial_shape(openvino.PartialShape([1, 3, height, width]))
        model.validate_nodes_and_infer_types()
        return tuple(model.output(0).shape) == (1, 84, cells(height, width))
    except RuntimeError:
        return False


def cells(height: int, width: int) -> int:
    """How many anchors a picture of this size has."""
    return sum((height // stride) * (width // stride) for stride in STRIDES)


class _Sizes:
    """The numbers of the old size and what stands for them in the new one."""

    def __init__(self, old: tuple[int, int], new: tuple[int, int]) -> None:
        self.old_cells, self.new_cells = cells(*old), cells(*new)
        self.old_grid, self.new_grid = _grid(old), _grid(new)
        self.new = new

    def target(self, shape: list[int]) -> list[int]:
        """A reshape's target for the new size."""
        if tuple(shape[-2:]) == self.old_grid:
            return [*shape[:-2], *self.new_grid]
        ends = {self.old_cells: self.new_cells, int(np.prod(self.old_grid)): int(np.prod(self.new_grid))}
        return [*shape[:-1], ends.get(shape[-1], shape[-1])]


def _sizes(model: openvino.Model, height: int, width: int) -> _Sizes:
    _, _, old_height, old_width = model.input(0).shape
    return _Sizes((old_height, old_width), (height, width))


def _grid(size: tuple[int, int]) -> tuple[int, int]:
    return size[0] // STRIDES[-1], size[1] // STRIDES[-1]


def _patch(node: openvino.Node, sizes: _Sizes) -> None:
    if node.get_type_name() == "Reshape":
        target = node.input_value(1).get_node()
        if target.get_type_name() == "Constant":
            shape = [int(side) for side in target.get_data()]
            _replace(node, 1, np.array(sizes.target(shape), np.int64))
    if node.get_type_name() in {"Add", "Subtract", "Multiply"}:
        _patch_anchors(node, sizes)


def _patch_anchors(node: openvino.Node, sizes: _Sizes) -> None:
    for index in range(node.get_input_size()):
        source = node.input_value(index)
        if source.get_node().get_type_name() != "Constant":
            continue
        if tuple(source.shape) == (1, 2, sizes.old_cells):
            _replace(node, index, _centres(*sizes.new))
        if tuple(source.shape) == (1, 1, sizes.old_cells):
            _replace(node, index, _strides(*sizes.new))


def _replace(node: openvino.Node, index: int, values: NDArray[np.generic]) -> None:
    node.input(index).replace_source_output(ops.constant(values).output(0))


def _centres(height: int, width: int) -> NDArray[np.float32]:
    return np.concatenate(list(_rows(height, width)), axis=1)[None].astype(np.float32)


def _rows(height: int, width: int) -> Iterator[NDArray[np.float64]]:
    for stride in STRIDES:
        x, y = np.meshgrid(np.arange(width // stride) + 0.5, np.arange(height // stride) + 0.5)
        yield np.stack([x.ravel(), y.ravel()])


def _strides(height: int, width: int) -> NDArray[np.float32]:
    counts = [(height // stride) * (width // stride) for stride in STRIDES]
    return np.repeat(STRIDES, counts).astype(np.float32)[None, None]
