"""The elements that ICC colour tags point at, parsed to their exact extent and built again.

Every function takes a tag's bytes, which may run on behind the element, and
returns the element alone: reserved fields zero, no gap, no tail. They raise
`Unusable` and nothing else. Source: ICC.1:2022 section 10.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

_PARAMETERS = (1, 3, 4, 5, 7)
"""Numbers that each function type of a parametric curve has (10.18)."""
_MAX_CURVE = 65_536
_MAX_CHANNELS = 15


class Unusable(Exception):
    """An element that no colour transform can be read from."""


def _take(data: bytes, start: int, size: int) -> bytes:
    if start < 0 or start + size > len(data):
        raise Unusable("cut short")
    return data[start : start + size]


def _number(data: bytes, start: int, size: int) -> int:
    return int.from_bytes(_take(data, start, size))


def _head(signature: bytes) -> bytes:
    return signature + bytes(4)


def padded(data: bytes) -> bytes:
    """Return the bytes filled up with zeros to a multiple of four."""
    return data + bytes(-len(data) % 4)


def _xyz(data: bytes) -> bytes:
    return _head(b"XYZ ") + _take(data, 8, 12)


def _nine_numbers(data: bytes) -> bytes:
    return _head(b"sf32") + _take(data, 8, 36)


def _code_points(data: bytes) -> bytes:
    return _head(b"cicp") + _take(data, 8, 4)


def _curve(data: bytes) -> bytes:
    entries = _number(data, 8, 4)
    if entries > _MAX_CURVE:
        raise Unusable("a curve too long")
    return _head(b"curv") + _take(data, 8, 4 + 2 * entries)


def _parametric(data: bytes) -> bytes:
    function = _number(data, 8, 2)
    if function >= len(_PARAMETERS):
        raise Unusable("an unknown curve function")
    return (
        _head(b"para")
        + struct.pack(">HH", function, 0)
        + _take(data, 12, 4 * _PARAMETERS[function])
    )


_CURVES: dict[bytes, Callable[[bytes], bytes]] = {b"curv": _curve, b"para": _parametric}


def _any_curve(data: bytes) -> bytes:
    parse = _CURVES.get(data[:4])
    if parse is None:
        raise Unusable("no curve")
    return parse(data)


def _channels(data: bytes) -> tuple[int, int]:
    inputs, outputs = _number(data, 8, 1), _number(data, 9, 1)
    if not (1 <= inputs <= _MAX_CHANNELS and 1 <= outputs <= _MAX_CHANNELS):
        raise Unusable("an impossible number of channels")
    return inputs, outputs


def _lut8(data: bytes) -> bytes:
    inputs, outputs = _channels(data)
    grid = _number(data, 10, 1)
    body = 36 + 256 * inputs + grid**inputs * outputs + 256 * outputs
    return _head(b"mft1") + bytes((inputs, outputs, grid, 0)) + _take(data, 12, body)


def _lut16(data: bytes) -> bytes:
    inputs, outputs = _channels(data)
    grid = _number(data, 10, 1)
    into, out_of = _number(data, 48, 2), _number(data, 50, 2)
    if not (2 <= into <= 4096 and 2 <= out_of <= 4096):
        raise Unusable("an impossible table")
    body = 40 + 2 * (into * inputs + grid**inputs * outputs + out_of * outputs)
    return _head(b"mft2") + bytes((inputs, outputs, grid, 0)) + _take(data, 12, body)


def _curve_set(data: bytes, start: int, count: int) -> bytes:
    """Return `count` curves that follow each other on borders of four bytes."""
    curves = []
    for _ in range(count):
        curve = padded(_any_curve(data[start : start + 12 + 2 * _MAX_CURVE]))
        curves.append(curve)
        start += len(curve)
    return b"".join(curves)


def _grid(data: bytes, start: int, inputs: int, outputs: int) -> bytes:
    points = _take(data, start, inputs)
    precision = _number(data, start + 16, 1)
    if precision not in (1, 2):
        raise Unusable("an impossible precision")
    size = outputs * precision
    for n in points:
        size *= n
        if size > len(data):
            raise Unusable("cut short")
    return (
        points
        + bytes(16 - inputs)
        + bytes((precision, 0, 0, 0))
        + padded(_take(data, start + 20, size))
    )


def _stages(data: bytes, signature: bytes) -> bytes:
    """Return a lutAToBType (10.12) or lutBToAType (10.13): B, matrix, M, CLUT and A in this order."""
    inputs, outputs = _channels(data)
    # The B and M curves and the matrix stand on the side of the connection space.
    near, far = (outputs, inputs) if signature == b"mAB " else (inputs, outputs)
    offsets = struct.unpack(">5I", _take(data, 12, 20))
    at_b, at_matrix, at_m, at_grid, at_a = offsets
    if at_b == 0:
        raise Unusable("no B curves")
    if near != 3 and (at_matrix or at_m):
        raise Unusable("a matrix for other than three channels")
    if not at_grid and inputs != outputs:
        raise Unusable("no table between different numbers of channels")
    pieces = (
        _curve_set(data, at_b, near),
        _take(data, at_matrix, 48) if at_matrix else b"",
        _curve_set(data, at_m, near) if at_m else b"",
        _grid(data, at_grid, inputs, outputs) if at_grid else b"",
        _curve_set(data, at_a, far) if at_a else b"",
    )
    places, end = [], 32
    for piece in pieces:
        places.append(end if piece else 0)
        end += len(piece)
    head = _head(signature) + bytes((inputs, outputs, 0, 0)) + struct.pack(">5I", *places)
    return head + b"".join(pieces)


_PARSERS: dict[bytes, Callable[[bytes], bytes]] = {
    **_CURVES,
    b"XYZ ": _xyz,
    b"sf32": _nine_numbers,
    b"cicp": _code_points,
    b"mft1": _lut8,
    b"mft2": _lut16,
    b"mAB ": lambda data: _stages(data, b"mAB "),
    b"mBA ": lambda data: _stages(data, b"mBA "),
}


def exact(data: bytes, types: tuple[bytes, ...]) -> bytes:
    """Return the element at the start of a tag's bytes, if it is of one of the `types`.

    Raises Unusable for another type and for an element that is cut short or impossible.
    """
    signature = data[:4]
    if signature not in types:
        raise Unusable("not the type that the tag must have")
    return _PARSERS[signature](data)
