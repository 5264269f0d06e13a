"""C2PA: a signed record of who made a picture, with what, and from which pictures.

Few pictures carry one, so what reads it is loaded when the first is met.
"""

from __future__ import annotations

from unexposed.exposure import Finding
from unexposed.metadata.block import Block

LANGUAGES = ("c2pa",)


def read(block: Block) -> list[Finding]:
    """Return what a store of records gives away."""
    from unexposed.metadata.c2pa import _store  # noqa: PLC0415  it brings a CBOR library

    return _store.read(block)
