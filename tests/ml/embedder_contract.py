"""What every FaceEmbedder does, whoever measures."""

import numpy as np

from ml.frame import Pixels
from ml.identity.embedder import FaceEmbedder, distance
from schema.detection import Face

Pictured = tuple[Pixels, Face]


def holds(embedder: FaceEmbedder, one: Pictured, same: Pictured, other: Pictured) -> None:
    """Measures are repeatable, 128 of them, nearer within a person than between two, and leave the picture alone."""
    before = one[0].copy()
    first, again = embedder.embed(*one), embedder.embed(*one)

    assert first.shape == (128,)
    assert distance(first, again) == 0
    assert distance(first, embedder.embed(*same)) < 0.55 < 0.6 < distance(first, embedder.embed(*other))
    assert np.array_equal(one[0], before)
    assert len(embedder.card.sha256) == 64
