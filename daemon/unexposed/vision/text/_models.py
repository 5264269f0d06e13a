"""The two networks of PP-OCRv6 (tiny) that find lines and read them, and what the latter reads.

Source: https://github.com/PaddlePaddle/PaddleOCR (Apache 2.0); `tools/fetch_networks.py` gets them.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy
    import numpy.typing

    from unexposed.vision._network import Network

    Samples = numpy.typing.NDArray[numpy.float32]

_OUTPUTS: Final = ("fetch_name_0",)


def marked(samples: Samples) -> Any:
    """Return how sure the finder is of each pixel that it is within a line of text."""
    return _network("finder.onnx")(samples, _OUTPUTS)[0]


def classes(samples: Samples) -> Any:
    """Return how sure the reader is of each class, for every eighth column of pixels."""
    return _network("reader.onnx")(samples, _OUTPUTS)[0]


@cache
def characters() -> tuple[str, ...]:
    """Return what each class of the reader stands for: nothing, its characters, and a space."""
    lines = resources.files(__package__).joinpath("characters.txt").read_text("utf-8")
    return ("", *lines.removesuffix("\n").split("\n"), " ")


@cache
def _network(name: str) -> Network:
    from unexposed.vision._network import Network

    return Network(__package__, name)
