"""Names of folders on somebody's computer, wherever they stand in a text."""

from __future__ import annotations

import re
from typing import Final

from unexposed.metadata.legible import legible

# Strict, as it is looked for among bytes that are no text.
_PATH: Final = re.compile(
    r"(?<![A-Za-z])[A-Za-z]:[\\/]{1,2}(?:[\w .()~&+-]{1,60}[\\/]{1,2}){1,12}[\w .()~&+-]{1,100}"
    r"|(?:file://|/Users|/home|/Volumes)(?:/[\w .()~&+%-]{1,60}){1,12}"
)
_MOST: Final = 5


def paths_in(text: str) -> list[str]:
    """Return the first few different paths of files and folders in a text."""
    found = dict.fromkeys(legible(one) for one in _PATH.findall(text))
    return list(found)[:_MOST]
