"""The models that rapidocr's package carries, run by onnxruntime; no code of rapidocr runs.

So nothing can ever be downloaded, and what the package would import for that stays unloaded.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    import numpy.typing

THREADS = 1
"""Threads that one look may use; `use_threads` sets it before the first."""

MAX_THREADS = 2

_FINDER = "*_det_*.onnx"
_READER = "*_rec_*.onnx"

_threads = THREADS


def use_threads(count: int) -> None:
    """Set how many threads the models use, 1 or 2; models that are loaded are loaded anew."""
    global _threads  # noqa: PLW0603
    _threads = max(1, min(MAX_THREADS, count))
    finder.cache_clear()
    reader.cache_clear()


def threads() -> int:
    """Return how many threads a look may use."""
    return _threads


class Model:
    """A network with one input and one output."""

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        # Threads that wait for work must not burn a core meanwhile.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def __call__(self, samples: numpy.typing.NDArray[numpy.float32]) -> Any:
        """Return the output for a batch of samples."""
        return self._session.run(None, {self._input: samples})[0]

    @property
    def characters(self) -> tuple[str, ...]:
        """What each class of a reader stands for: nothing, its alphabet, and a space."""
        alphabet = self._session.get_modelmeta().custom_metadata_map["character"]
        return ("", *alphabet.splitlines(), " ")


@cache
def finder() -> Model:
    """Return the network that marks where text is."""
    return Model(_shipped(_FINDER), _threads)


@cache
def reader() -> Model:
    """Return the network that reads one line; it uses one thread, as lines are read side by side."""
    return Model(_shipped(_READER), 1)


@cache
def alphabet() -> tuple[str, ...]:
    """Return what each class of the reader stands for."""
    return reader().characters


def _shipped(pattern: str) -> Path:
    """Return the model that rapidocr's package carries. Raises ImportError without one."""
    spec = importlib.util.find_spec("rapidocr")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        found = sorted(Path(folder, "models").glob(pattern))
        if found:
            return found[0]
    raise ImportError(f"the package rapidocr carries no model {pattern}; install unexposed[vision]")
