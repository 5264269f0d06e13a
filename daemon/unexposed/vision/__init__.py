"""Detectors: one module each, found by being in this folder; what they need is the extra `vision`.

A detector is a module with `detect(picture) -> list[Seen]`. It loads its models when it is first
called, once for each process, and talks to nobody. Nothing here knows a path or a policy.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Collection
from functools import cache
from typing import Protocol, cast

from unexposed.registry import modules_in
from unexposed.vision.seen import Picture, Point, Seen

__all__ = [
    "NEEDED",
    "Picture",
    "Point",
    "Seen",
    "available",
    "detectors",
    "look",
    "missing",
    "use_threads",
]

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# onnxruntime 1.32 else makes up an id of this machine when it is imported, keeps a list of what
# is run in the home folder, and has a client that would send it to its maker.

NEEDED = ("numpy", "cv2", "rapidocr", "onnxruntime", "zxingcpp", "phonenumbers", "stdnum")
"""What the extra `vision` installs, by the names under which it is imported."""


class Detector(Protocol):
    """What a module in this folder looks like when it finds something in pictures."""

    def detect(self, picture: Picture) -> list[Seen]:
        """Return what the picture shows; raises nothing, whatever the picture."""


@cache
def available() -> bool:
    """Tell whether the extra is installed; nothing of it is loaded."""
    return not missing()


def missing() -> list[str]:
    """Return what the extra would install and is not there; nothing of it is loaded."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


@cache
def detectors() -> dict[str, Detector]:
    """Return every detector in this folder by the name of its module. Raises ImportError."""
    found = {}
    for name in sorted(modules_in(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        if hasattr(module, "detect"):
            found[name] = cast("Detector", module)
    return found


def use_threads(count: int) -> None:
    """Set how many threads the detectors use. Raises ImportError."""
    cv2 = importlib.import_module("cv2")
    for detector in detectors().values():
        if hasattr(detector, "use_threads"):
            detector.use_threads(count)
    cv2.setNumThreads(count)


def look(picture: Picture, *, which: Collection[str]) -> list[Seen]:
    """Return what the detectors of these names find ("faces", "text", "codes").

    Raises KeyError for a name that has no detector, and ImportError without the extra.
    """
    known = detectors()
    return [seen for name in which for seen in known[name].detect(picture)]
