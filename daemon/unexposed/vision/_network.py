"""A network of the package, run by OpenCV."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

cv2.setNumThreads(1)  # who looks side by side is for `_crew` to say


class Network:
    """A network with one input. Threads may use it at once: each has a copy for itself."""

    def __init__(self, package: str, name: str) -> None:
        """`name` is that of an ONNX file in the folder of `package`; it is read when it is used."""
        self._model = resources.files(package).joinpath(name)
        self._free: list[cv2.dnn.Net] = []

    def __call__(self, samples: npt.NDArray[Any], outputs: Sequence[str]) -> list[Any]:
        """Return the outputs of these names for a batch of samples. Raises cv2.error."""
        try:
            net = self._free.pop()
        except IndexError:
            model = np.frombuffer(self._model.read_bytes(), np.uint8)
            net = cv2.dnn.readNetFromONNX(model)
        net.setInput(samples)
        told = list(net.forward(outputs))
        self._free.append(net)
        return told
