"""What the file system keeps beside a file, and a copy never gets."""

from __future__ import annotations

import os
from typing import Final

from unexposed.metadata import Block

_ABOUT_THE_SYSTEM: Final = ("security.", "system.", "trusted.")
_MAX_ATTRIBUTES: Final = 32


def attributes(descriptor: int) -> list[Block]:
    """Return the extended attributes of an open file that say something about it.

    Where the system or the file system has none, or Python cannot read them, that is nothing.
    """
    listed = getattr(os, "listxattr", None)
    if listed is None:
        return []
    found = []
    try:
        for name in listed(descriptor)[:_MAX_ATTRIBUTES]:
            if not name.startswith(_ABOUT_THE_SYSTEM):
                value = os.getxattr(descriptor, name)
                found.append(Block("attribute", value, f"attribute {name}", len(value), name))
    except OSError:
        pass
    return found
