"""What the file system keeps beside a file, and a copy never gets."""

from __future__ import annotations

import os
from typing import Final

from unexposed.attributes import content_attributes
from unexposed.metadata import Block

_MAX_ATTRIBUTES: Final = 32


def attributes(descriptor: int) -> list[Block]:
    """Return the extended attributes of an open file that say something about it."""
    found = []
    try:
        for name in content_attributes(descriptor)[:_MAX_ATTRIBUTES]:
            value = os.getxattr(descriptor, name)
            found.append(Block("attribute", value, f"attribute {name}", len(value), name))
    except OSError:
        pass  # it was removed meanwhile
    return found
