"""What went wrong in the program itself, told without what a file says."""

from __future__ import annotations

import os
import re
import traceback

_NO_ROOM = re.compile(
    r"insufficient memory|out ?of ?memory|bad_alloc|failed to allocate|can't start new thread",
    re.IGNORECASE,
)
"""How OpenCV, C++ and Python say that they got no memory, where they raise no MemoryError."""


def blamed(problem: Exception) -> str:
    """Say which fault it is and where; never its text, which may hold what the file exposes."""
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    place = f"{os.path.basename(frame.filename)}, line {frame.lineno}"
    return f"a fault of unexposed itself ({type(problem).__name__} in {place}); please report it"


def wants_memory(problem: Exception) -> bool:
    """Tell whether a library got less memory than it asked for."""
    return isinstance(problem, MemoryError) or _NO_ROOM.search(str(problem)) is not None
