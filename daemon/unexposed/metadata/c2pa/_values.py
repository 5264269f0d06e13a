"""What stands in CBOR and JSON, made safe to walk through: no cycles, bounded in depth and size.

Source: RFC 8949 for CBOR.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, TypeAlias

import cbor2

from unexposed.metadata.legible import legible

Value: TypeAlias = object
"""Maps, lists, texts, numbers and bytes; what stood under a tag is a tuple instead of a list."""
Fields: TypeAlias = Mapping[object, Value]

MAX_SIZE: Final = 1 << 20
"""Bytes of one document at most: a list of empty lists takes a hundred times its size."""
_MAX_DEPTH: Final = 64
_MAX_NODES: Final = 20_000
_NOTHING: Final = object()


def _untagged(value: object, _: bool) -> object:
    return value


# Left to themselves tags make cycles, compile patterns, and count with numbers of any length.
_TAGS: Final = dict.fromkeys(
    (
        *range(6),
        25,
        28,
        29,
        30,
        35,
        36,
        37,
        43,
        52,
        54,
        100,
        256,
        258,
        260,
        261,
        1004,
        43000,
        55799,
    ),
    _untagged,
)


def from_cbor(data: bytes) -> Value | None:
    """Return the first item of CBOR, None where it cannot be read. Tags are looked through."""
    if len(data) > MAX_SIZE:
        return None
    try:
        value: Value = cbor2.loads(
            data,
            tag_hook=lambda tag, _: tag.value,
            semantic_decoders=_TAGS,
            max_depth=_MAX_DEPTH,
            str_errors="replace",
        )
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, MemoryError):
        return None
    return value


def from_json(data: bytes) -> Value | None:
    """Return JSON's value, None where it cannot be read."""
    if len(data) > MAX_SIZE:
        return None
    try:
        value: Value = json.loads(data.rstrip(b"\0"))
    except (ValueError, RecursionError):
        return None
    return value


def fields(value: Value | None) -> Fields:
    """Return a map as it is, and an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def items(value: Value | None) -> list[Value]:
    """Return a list as it is, a single value as a list of it, and an empty one for nothing."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def text(value: Value | None) -> str:
    """Return what a person may read of a simple value, "" for structures and bytes."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def maps(value: Value | None) -> Iterator[Fields]:
    """Yield every map in a value, the outer before the inner."""
    return (node for node in _nodes(value) if isinstance(node, Mapping))


def is_bounded(value: Value | None) -> bool:
    """Tell whether a value has no more in it than can be walked through in good time."""
    return next(islice(_nodes(value), _MAX_NODES, None), _NOTHING) is _NOTHING


def _nodes(value: Value | None) -> Iterator[Value]:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Mapping):
            waiting.extend(reversed(list(node.values())))
        elif isinstance(node, list | tuple):
            waiting.extend(reversed(node))
