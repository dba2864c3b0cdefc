"""Real models where they are, as in tests/ml."""

from tests.ml.conftest import store, yolo

__all__ = ["store", "yolo"]
