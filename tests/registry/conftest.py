"""Real models and media where they are, as in tests/ml."""

from tests.ml.conftest import media, store, yolo

__all__ = ["media", "store", "yolo"]
