"""Detectors: one module each, found by being in this folder; what they need is the extra `vision`.

A detector is a module with `detect(picture) -> list[Seen]`. It loads its models when it is first
called, once for each process, and talks to nobody. Nothing here knows a path or a policy.
"""

from __future__ import annotations

import importlib
import importlib.util
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

NEEDED = ("numpy", "cv2", "zxingcpp", "phonenumbers", "stdnum")
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
    """Set how many threads the detectors use, all together."""
    from unexposed.vision import _crew  # noqa: PLC0415 - threads are of no use at most starts

    _crew.use_threads(count)


def look(picture: Picture, *, which: Collection[str]) -> list[Seen]:
    """Return what the detectors of these names find ("faces", "text", "codes").

    Raises KeyError for a name that has no detector, and ImportError without the extra.
    """
    from unexposed.vision._crew import each  # noqa: PLC0415 - as above

    known = detectors()
    seen = each(lambda name: known[name].detect(picture), which)
    return [one for found in seen for one in found]
