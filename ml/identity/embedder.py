"""The port that whoever measures a face stands behind."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml.detector import ModelCard
from ml.frame import Pixels
from schema.detection import Face

# 128 numbers; the nearer two of them, the likelier one person. They live in memory only and never leave ml/.
Embedding = NDArray[np.float64]


class FaceEmbedder(Protocol):
    """Measures a face."""

    @property
    def card(self) -> ModelCard: ...

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        """The measures of this face of the picture."""


def distance(one: Embedding, other: Embedding) -> float:
    """Of two faces: below 0.5 mostly one person, above 0.6 mostly two."""
    return float(np.linalg.norm(one - other))
