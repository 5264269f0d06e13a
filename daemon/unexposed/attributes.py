"""Extended attributes: what a file system keeps beside a file, and which of it is content."""

from __future__ import annotations

import os
from typing import Final

_CONTENT: Final = ("user.", "com.apple.", "osx.")
"""How the names of those begin that programs write; "osx." is how Linux lists Apple's.

All others (security., system., trusted., btrfs.) are the system's own: a file gets them from its
folder, and they go nowhere with it.
"""


def content_attributes(descriptor: int) -> list[str]:
    """Return the names of an open file's extended attributes that say something about it.

    Where the system or the file system has none, or Python cannot read them, that is nothing.
    """
    listed = getattr(os, "listxattr", None)
    if listed is None:
        return []
    try:
        return [name for name in listed(descriptor) if name.startswith(_CONTENT)]
    except OSError:
        return []
