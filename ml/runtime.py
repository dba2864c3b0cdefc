"""OpenVINO on one core: how every model of ours is compiled."""

import hashlib
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
import openvino
from numpy.typing import NDArray

# One inference thread per process, one process per core; OpenCV's own pool would only fight with it.
cv2.setNumThreads(1)

_SETTINGS = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY"}


def read(path: Path) -> openvino.Model:
    """A model file (.tflite, .xml) as a graph that can still be changed."""
    return openvino.Core().read_model(path)


class Inference:
    """A graph ready to run on the calling thread; threads that meet here wait for each other."""

    def __init__(self, model: openvino.Model) -> None:
        self._request = openvino.Core().compile_model(model, "CPU", _SETTINGS).create_infer_request()
        self._outputs = len(model.outputs)
        self._one_at_a_time = Lock()

    def run(self, picture: NDArray[np.generic]) -> list[NDArray[np.float32]]:
        """The graph's outputs for one input, as copies."""
        with self._one_at_a_time:
            self._request.infer([picture])
            return [self._request.get_output_tensor(index).data.copy() for index in range(self._outputs)]


def sha256_of(*paths: Path) -> str:
    """SHA-256 over the contents of these files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
