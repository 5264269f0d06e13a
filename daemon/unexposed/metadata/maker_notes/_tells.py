"""What a maker's tag tells, as a row of a table, and how its value is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from unexposed.exposure import Finding, finding
from unexposed.metadata.exif_values import Field, Fields, as_numbers
from unexposed.metadata.legible import legible
from unexposed.metadata.maker_notes._directory import NAME

Shown: TypeAlias = Callable[[Field], str]

_NOTHING: Final = frozenset({"", "none", "n/a", "(none)", "not set", "unknown", "---"})
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]")
_MOST_FACES: Final = 16


class Tell(msgspec.Struct, frozen=True):
    """A tag's kind of finding, what it is called, and how its value is shown; "" for nothing."""

    kind: str
    words: str
    shown: Shown


def text(value: Field) -> str:
    """Show text up to its first NUL; what has control characters is none."""
    if not isinstance(value, bytes):
        value = bytes(int(n) & 0xFF for n in as_numbers(value))
    plain = value.split(b"\0", 1)[0].rstrip(b"\xff ")
    if _CONTROL.search(plain):
        return ""
    shown = legible(plain)
    # What is no text comes out as letters of far-off alphabets and signs.
    return (
        shown
        if 2 * sum(letter.isascii() for letter in shown) >= len(shown) or _is_utf8(plain)
        else ""
    )


def _is_utf8(plain: bytes) -> bool:
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def number(value: Field) -> str:
    """Show a single number."""
    return next((f"{n:g}" if n % 1 else str(int(n)) for n in as_numbers(value)), "")


def digits(width: int) -> Shown:
    """Show a single number with leading zeros."""
    return lambda value: next((f"{int(n):0{width}}" for n in as_numbers(value)), "")


def hexadecimal(value: Field) -> str:
    """Show bytes as hexadecimal digits."""
    raw = value if isinstance(value, bytes) else bytes(int(n) & 0xFF for n in as_numbers(value))
    return "" if not raw.strip(b"\xff") else raw[:64].hex()


def counted(what: str) -> Shown:
    """Show a number with what it counts."""
    return lambda value: f"{shown} {what}" if (shown := number(value)).strip("0") else ""


def named(names: Mapping[int, str] | Sequence[str]) -> Shown:
    """Show what a number stands for."""
    table = dict(names) if isinstance(names, Mapping) else dict(enumerate(names))
    return lambda value: next((table.get(int(n), "") for n in as_numbers(value)), "")


def faces(count: int, places: Iterable[Sequence[float]] = ()) -> str:
    """Show how many faces there are, and where as far as that is known; "" for none."""
    if not 0 < count <= 1_000:
        return ""
    told = ["(" + ", ".join(f"{n:g}" for n in one) + ")" for one in list(places)[:_MOST_FACES]]
    return f"{count} face{'' if count == 1 else 's'}" + (f", at {', '.join(told)}" if told else "")


def face_count(value: Field) -> str:
    """Show a number as one of faces."""
    return faces(next((int(n) for n in as_numbers(value)), 0))


def offset(minutes: float) -> str:
    """Return a time zone as "+01:00"; "" for none on this earth."""
    if abs(minutes) > 14 * 60:
        return ""
    hours, rest = divmod(abs(int(minutes)), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def told(fields: Fields, table: Mapping[int, Tell], where: str) -> list[Finding]:
    """Return the findings of a directory, by its maker's table."""
    found: dict[tuple[str, str], Finding] = {}
    for (_, tag), values in fields.values.items():
        if row := table.get(tag):
            for value in values:
                add(found, row, row.shown(value), where)
    return list(found.values())


def add(found: dict[tuple[str, str], Finding], row: Tell, shown: str, where: str) -> None:
    """Add a finding, unless it says nothing or is there already."""
    if shown.strip("0 -.:/").casefold() not in _NOTHING:
        found.setdefault((row.kind, shown), finding(row.kind, f"{where} {row.words}", shown))


def one(row: Tell, shown: str, where: str) -> list[Finding]:
    """Return a single finding, none for a value that says nothing."""
    found: dict[tuple[str, str], Finding] = {}
    add(found, row, shown, where)
    return list(found.values())


def first(fields: Fields, tag: int) -> bytes:
    """Return the first value of a tag as bytes in its own order; b"" without one."""
    return next((fields.walk.raw(e) for e in fields.walk.entries if e.tag == tag), b"")


def numbers(fields: Fields, tag: int) -> list[float]:
    """Return the numbers of a tag's first value."""
    return fields.numbers(NAME, tag)
