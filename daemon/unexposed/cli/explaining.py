"""What `inspect --explain` says."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

import click

from unexposed.catalogue import FAMILIES, KINDS
from unexposed.wording import explain, tr
from unexposed.wording.names import level_called

ALL = "all"


def explained(kind: str) -> Iterator[str]:
    """Yield lines about a kind, or one about each of a family or of all.

    Raises click.BadParameter for a name that is none of these, with the nearest that is.
    """
    if kind in KINDS:
        yield from explain(kind)
        return
    if kind not in (ALL, *FAMILIES):
        near = get_close_matches(kind, [*KINDS, *FAMILIES, ALL], 1, 0.4)
        hint = f" Did you mean {near[0]}?" if near else f" {ALL!r} lists them."
        raise click.BadParameter(f"there is no kind {kind!r}.{hint}", param_hint="--explain")
    for one, entry in KINDS.items():
        if kind == ALL or one.startswith(f"{kind}."):
            yield f"{one:<28}{level_called(entry.level):<10}{tr(entry.tells)}"
