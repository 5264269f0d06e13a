"""A store of records taken apart: each record with its claim, its signature and its assertions.

Source: C2PA Technical Specification 2.1, "Manifests" and "Embedding manifests".
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from unexposed.metadata.c2pa import _jumbf as jumbf
from unexposed.metadata.c2pa import _signature as signatures
from unexposed.metadata.c2pa import _values as values

_STORE: Final = "c2pa"
_CLAIM, _SIGNATURE = "c2pa.claim", "c2pa.signature"
_HOLDERS: Final = ("c2pa.assertions", "c2pa.databoxes", "c2pa.credentials")
_INSTANCE: Final = re.compile(r"(?:\.v\d{1,3})?(?:__\d{1,5})?$", re.ASCII)
_COMPRESSED: Final = b"brob"
"""Brotli, which Python does not read."""
_MAX_RECORDS: Final = 200
_MOST_VALUES: Final = 4 * values.MAX_SIZE
"""Bytes of CBOR and JSON that are read of one file at most."""


class Assertion(msgspec.Struct, frozen=True):
    """One statement. `label` is without version and instance; `media` the type of `data`."""

    label: str
    value: values.Value = None
    media: str = ""
    data: bytes = b""


class Record(msgspec.Struct):
    """One record of a store, as far as it could be read."""

    label: str
    claim: values.Fields = msgspec.field(default_factory=dict)
    signature: signatures.Signature | None = None
    assertions: list[Assertion] = msgspec.field(default_factory=list)


class Store(msgspec.Struct):
    """The records, the oldest first; `damage` says what could not be read."""

    records: list[Record]
    damage: list[str]


def records(payload: bytes) -> Store:
    """Return what stands in a store, as far as it can be read."""
    boxes = jumbf.contents(payload)
    damage = [boxes.damage] if boxes.damage else []
    found: dict[str, Record] = {}
    room = _MOST_VALUES
    groups: dict[int, list[jumbf.Content]] = {}
    for one in boxes.contents:
        groups.setdefault(one.number, []).append(one)
    for group in groups.values():
        path = group[0].path
        if path[0:1] == (_STORE,) and any(one.kind == _COMPRESSED for one in group):
            damage.append("a compressed record cannot be read")
        if len(path) < 3 or path[0] != _STORE:
            continue
        if path[1] not in found and len(found) >= _MAX_RECORDS:
            damage.append(f"more than {_MAX_RECORDS} records")
            break
        record = found.setdefault(path[1], Record(path[1], assertions=[]))
        room -= sum(len(one.data) for one in group if one.kind in (b"cbor", b"json"))
        problem = "too much to be read" if room < 0 else _add(record, path, group)
        if problem and problem not in damage:
            damage.append(problem)
    return Store(list(found.values()), damage)


def _add(record: Record, path: tuple[str, ...], group: list[jumbf.Content]) -> str:
    """Add a group of boxes to the record that it stands in; return what is wrong with it."""
    label = _INSTANCE.sub("", path[-1])
    problem = f"{label} cannot be read"
    if label == _SIGNATURE:
        record.signature = signatures.read(group[0].data)
        return "" if record.signature else problem
    value = _value(group)
    if not values.is_bounded(value):
        return f"{label} holds more than can be read"
    if label == _CLAIM:
        record.claim = values.fields(value)
        return "" if record.claim else problem
    if path[2] not in _HOLDERS:
        return ""
    files = {one.kind: one.data for one in group if one.kind in (b"bfdb", b"bidb")}
    media = files.get(b"bfdb", b"")[1:].split(b"\0", 1)[0].decode("utf-8", "replace")
    record.assertions.append(Assertion(label, value, media, files.get(b"bidb", b"")))
    return problem if value is None and any(one.kind in _READ for one in group) else ""


_READ: Final = {b"cbor": values.from_cbor, b"json": values.from_json}


def _value(group: list[jumbf.Content]) -> values.Value:
    return next((_READ[one.kind](one.data) for one in group if one.kind in _READ), None)
