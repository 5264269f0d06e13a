"""TOML's dictionaries -> the values that the settings' fields ask for, or problems that say why not.

msgspec stops at the first error and speaks of types and `$.paths`; here each
value is converted by itself, so that all errors are found and told in the
file's own words.
"""

from __future__ import annotations

import contextlib
from types import UnionType
from typing import Any, get_args

import msgspec
import tomli_w
from msgspec import inspect
from msgspec.structs import FieldInfo

from unexposed.config.lines import Keys
from unexposed.config.problems import Problems, nearest, one_of, quoted
from unexposed.config.settings import Config, History, Notifications, Watch, Watching, Worker
from unexposed.places import Home
from unexposed.policy import Policy

Table = dict[str, Any]

# What a person may write where the field's own default would not help.
_EXAMPLES: dict[str, object] = {
    "path": "~/Downloads",
    "outbox": "~/Pictures/Unexposed",
    "state_dir": "~/.local/state/unexposed",
    "include": ["*.jpg"],
    "ignore": ["*.part"],
    "hold": ["pdf"],
    "latitude": 38.7226,
    "longitude": -9.1392,
    "keep": ["author", "date-year"],
}
# What a field expects where its type alone would not tell a person.
_EXPECTED: dict[str, str] = {
    "mode": "three octal digits in quotes",
    "quiet_hours": 'two times such as "22:00-07:00"',
}
_MAX_SHOWN = 60
_MAX_BITS = 1_000  # Python refuses to write numbers of more than 4,300 digits

_TABLES: dict[str, type[msgspec.Struct]] = {
    "[notifications]": Notifications,
    "[watching]": Watching,
    "[worker]": Worker,
    "[history]": History,
    "[home]": Home,
    "[[watch]]": Watch,
    "[policy.NAME]": Policy,
}
_TOP_KEYS = set(Config.__struct_fields__) - {
    "watch",
    "policy",
    "notifications",
    "watching",
    "worker",
    "history",
    "home",
}


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What a text says, right in every single value; nothing is expanded or filled in yet."""

    top: Table
    """Top-level keys and the plain tables, ready for Config."""
    watches: dict[int, Table]
    """Keys of each `[[watch]]` table by its number from 0."""
    policies: dict[str, Table]
    """Keys of each `[policy.NAME]` table."""


def decode(raw: Table, problems: Problems) -> Document:
    """Check every key and value of a parsed text by itself.

    What is wrong is noted in `problems` and left out of the result.
    """
    plain = {key: value for key, value in raw.items() if key not in {"watch", "policy"}}
    return Document(
        top=_fields(plain, Config, (), problems),
        watches=_watches(raw.get("watch", []), problems),
        policies=_policies(raw.get("policy", {}), problems),
    )


def _watches(raw: object, problems: Problems) -> dict[int, Table]:
    if not isinstance(raw, list):
        problems.add(("watch",), "watch must be a list of tables; write [[watch]], in two brackets")
        return {}
    found = {}
    for number, table in enumerate(raw):
        keys: Keys = ("watch", number)
        if not isinstance(table, dict):
            problems.add(keys, f"{_shown(table)} is not a table; write [[watch]] and keys below it")
            continue
        found[number] = _fields(table, Watch, keys, problems)
        if "path" not in table:
            problems.add(keys, 'path is missing; write path = "~/Downloads"')
    return found


def _policies(raw: object, problems: Problems) -> dict[str, Table]:
    if not isinstance(raw, dict):
        problems.add(("policy",), "policy must be a table; write [policy.NAME] and keys below it")
        return {}
    found = {}
    for name, table in raw.items():
        keys: Keys = ("policy", name)
        if isinstance(table, dict):
            found[name] = _fields(table, Policy, keys, problems)
        elif name in Policy.__struct_fields__:
            text = f"{name} belongs to a policy with a name; write it below [policy.NAME]"
            problems.add(keys, text)
        else:
            text = f"{name} must be a table, but is {_shown(table)}; write [policy.NAME] and keys below it"
            problems.add(keys, text)
    return found


def _fields(table: Table, kind: type[msgspec.Struct], at: Keys, problems: Problems) -> Table:
    """Convert the keys of one table to the fields of `kind`; wrong ones are left out."""
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    found: Table = {}
    for key, value in table.items():
        keys = (*at, key)
        if key not in fields:
            problems.add(keys, f"unknown key {quoted(key)}; {_advice(key, list(fields))}")
            continue
        field = fields[key]
        if inner := _table(field.type):
            if isinstance(value, dict):
                values = _fields(value, inner, keys, problems)
                if _complete(value, values, inner, keys, problems):
                    found[key] = inner(**values)
            else:
                text = f"{key} must be a table, but is {_shown(value)}; write [{key}] and keys below it"
                problems.add(keys, text)
            continue
        try:
            found[key] = msgspec.convert(value, field.type)
        except msgspec.ValidationError:
            _mismatch(value, field, keys, problems)
    return found


def _table(kind: Any) -> type[msgspec.Struct] | None:
    """Return the settings that a field holds if it is a table, be it one that may be missing."""
    kinds = (kind, *get_args(kind)) if isinstance(kind, UnionType) else (kind,)
    return next(
        (one for one in kinds if isinstance(one, type) and issubclass(one, msgspec.Struct)), None
    )


def _complete(
    table: Table, values: Table, kind: type[msgspec.Struct], at: Keys, problems: Problems
) -> bool:
    """Tell whether nothing that `kind` cannot do without is wrong or missing, and note the latter."""
    required = [field.name for field in msgspec.structs.fields(kind) if field.required]
    for name in required:
        if name not in table:
            problems.add(
                (*at, name), f"{name} is missing; write {name} = {_written(_EXAMPLES[name])}"
            )
    return all(name in values for name in required)


def _advice(key: str, known: list[str]) -> str:
    """Say where an unknown key belongs, or which one was meant.

    In TOML every key below a header belongs to that table, so a top-level key
    at the end of the file is the likeliest mistake of all.
    """
    if key in _TOP_KEYS:
        return "it belongs at the top of the file, above the first table"
    if homes := [name for name, kind in _TABLES.items() if key in kind.__struct_fields__]:
        return f"it belongs below {' or '.join(homes)}"
    if meant := nearest(key, known):
        return f"did you mean {quoted(meant)}?"
    return f"known here are {', '.join(known)}"


def _mismatch(value: object, field: FieldInfo, keys: Keys, problems: Problems) -> None:
    kind = _plain(inspect.type_info(field.type))
    expected = _EXPECTED.get(field.name) or _expected(kind)
    stands = f"is {_shown(value)}"
    if isinstance(value, list) and isinstance(kind, inspect.VarTupleType):
        number, item = next(
            (n, item) for n, item in enumerate(value) if not _fits(item, kind.item_type)
        )
        keys = (*keys, number)
        stands = f"item {number + 1} is {_shown(item)}"
    example = _written(_example(value, field, kind))
    text = f"{field.name} must be {expected}, but {stands}; write {field.name} = {example}"
    problems.add(keys, text)


def _plain(kind: inspect.Type) -> inspect.Type:
    """Take the None out of a type that may also be None, which TOML cannot say."""
    if isinstance(kind, inspect.UnionType):
        return next(each for each in kind.types if not isinstance(each, inspect.NoneType))
    return kind


def _expected(kind: inspect.Type) -> str:
    match kind:
        case inspect.BoolType():
            return "true or false, without quotes"
        case inspect.IntType(gt=gt, ge=ge, le=le):
            return "a whole number" + _range(gt, ge, le)
        case inspect.FloatType(gt=gt, ge=ge, le=le):
            return "a number" + _range(gt, ge, le)
        case inspect.LiteralType(values=values):
            return one_of(str(value) for value in values)
        case inspect.VarTupleType(item_type=inspect.LiteralType(values=values)):
            return f"a list of any of {', '.join(quoted(str(value)) for value in values)}"
        case inspect.VarTupleType():
            return "a list of texts"
    return "a text in quotes"


def _fits(item: object, kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.LiteralType):
        return item in kind.values
    return isinstance(item, str)


def _range(gt: float | None, ge: float | None, le: float | None) -> str:
    """Write the limits of a number; whatever has an upper one has a lower one too."""
    lower = f" above {gt} and up" if gt is not None else f" from {ge}" if ge is not None else ""
    return f"{lower} to {le}" if le is not None else lower


def _example(value: object, field: FieldInfo, kind: inspect.Type) -> object:
    """Return the value that was most likely meant, else one that would do."""
    if isinstance(kind, inspect.LiteralType):
        choices = [str(choice) for choice in kind.values]
        return nearest(str(value), choices) or choices[0]
    if isinstance(kind, inspect.VarTupleType):
        items = value if isinstance(value, list) else [value]
        meant = [_meant(item, kind.item_type) for item in items if isinstance(item, str) and item]
        if isinstance(value, str) or isinstance(kind.item_type, inspect.LiteralType):
            return meant or _EXAMPLES.get(field.name, field.default)
    if isinstance(value, str | int) and not isinstance(value, bool):
        with contextlib.suppress(msgspec.ValidationError):
            return msgspec.convert(value, field.type, strict=False)
    return _EXAMPLES.get(field.name, field.default)


def _meant(item: str, kind: inspect.Type) -> str:
    """Return the item of a list that was most likely meant."""
    if not isinstance(kind, inspect.LiteralType):
        return item
    choices = [str(choice) for choice in kind.values]
    return nearest(item, choices) or choices[0]


def _shown(value: object) -> str:
    """Describe a value that stands in the file."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return "a number beyond all bounds"
    text = _written(value)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"


def _written(value: object) -> str:
    """Write a value as TOML does, on one line."""
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    return tomli_w.dumps({"_": value}).removeprefix("_ = ").rstrip("\n")
