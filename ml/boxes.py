"""Overlap of boxes and the two ways of keeping one box of many (arrays of left, top, right, bottom)."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]


def overlaps(box: Floats, boxes: Floats) -> Floats:
    """Intersection over union of one box (4) with each of many (n x 4)."""
    corners = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    shared = np.clip(corners[1] - corners[0], 0, None).prod(axis=1)
    union = _areas(boxes) + _areas(box[None])[0] - shared
    return np.asarray(shared / np.maximum(union, 1e-9), np.float32)


def clusters(boxes: Floats, scores: Floats, overlap: float) -> list[Indices]:
    """Greedy non-maximum suppression, best score first.

    Each cluster starts with its winner; the boxes that overlap it by more than `overlap` follow.
    """
    order = np.argsort(-scores, kind="stable")
    found: list[Indices] = []
    while order.size:
        near = overlaps(boxes[order[0]], boxes[order]) > overlap
        near[0] = True
        found.append(order[near])
        order = order[~near]
    return found


def _areas(boxes: Floats) -> Floats:
    return np.asarray(np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1), np.float32)
