"""A decoded document -> the whole configuration: filled in, expanded, and sound as a whole."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from unexposed.config import folders, policies
from unexposed.config.decode import Document, Table
from unexposed.config.lines import Keys
from unexposed.config.paths import expand
from unexposed.config.problems import Problems, did_you_mean, quoted, table_name
from unexposed.config.settings import Config, Watch
from unexposed.errors import ConfigError

_OUTBOX = 'write another folder, such as outbox = "~/Pictures/Unexposed"'

# Patterns that no name and no path below a folder can match: absolute, climbing, or ending in "/".
_NEVER = re.compile(r"^(~|\.{1,2})?/|/$")

_Placed = tuple[Keys, Watch]
"""A watch and its table in the file; () where the file gives none."""


def complete(document: Document, problems: Problems) -> Config:
    """Fill in, expand and check; without a `[[watch]]` table the default folders are watched.

    What is wrong is noted in `problems`; the result is of use only while they are none.
    """
    outbox = _folder(document.top, "outbox", folders.outbox, problems)
    state_dir = _folder(document.top, "state_dir", folders.state_dir, problems)
    resolved = policies.resolve(document.policies, problems)
    known = {*resolved, *document.policies}
    watches: list[_Placed] = []
    for number, table in document.watches.items():
        keys: Keys = ("watch", number)
        _check_policy(table, keys, known, problems)
        for key in ("include", "ignore"):
            _check_patterns(table.get(key, ()), (*keys, key), problems)
        path = _expanded(table, (*keys, "path"), problems)
        if path is not None:
            watches.append((keys, Watch(**(table | {"path": str(path)}))))
    if not document.watches:
        watches = [((), watch) for watch in folders.default_watches()]
    _check_twice(watches, problems)
    _check_outbox(outbox, watches, problems)
    _check_state(state_dir, outbox, watches, problems)
    return Config(
        **document.top
        | {
            "outbox": str(outbox),
            "state_dir": str(state_dir),
            "watch": tuple(watch for _, watch in watches),
            "policy": resolved,
        }
    )


def _folder(top: Table, key: str, default: Callable[[], Path], problems: Problems) -> Path:
    return _expanded(top, (key,), problems) or default()


def _expanded(table: Table, keys: Keys, problems: Problems) -> Path | None:
    """Expand the path that a table gives; None when it gives none, or a wrong one."""
    key = str(keys[-1])
    if key not in table:
        return None
    try:
        return expand(table[key])
    except ConfigError as error:
        problems.add(keys, f"{key}: {error}")
        return None


def _check_policy(table: Table, keys: Keys, known: set[str], problems: Problems) -> None:
    name = table.get("policy", "metadata")
    if name not in known:
        text = f"there is no policy {quoted(name)}; {did_you_mean(name, sorted(known))}"
        problems.add((*keys, "policy"), text)


def _check_patterns(patterns: Sequence[str], keys: Keys, problems: Problems) -> None:
    key = keys[-1]
    for number, pattern in enumerate(patterns):
        if not pattern:
            text = f'{key}: an empty pattern matches no name; write one such as "*.jpg"'
            problems.add((*keys, number), text)
        elif _NEVER.search(pattern):
            text = (
                f"{key}: {quoted(pattern)} never matches, as patterns are compared with names"
                f" and with paths below the watched folder; write {quoted(_last(pattern))}"
            )
            problems.add((*keys, number), text)


def _last(pattern: str) -> str:
    """Return the last part of a path, "*" where it has none."""
    return re.split(r"/+", pattern.rstrip("/"))[-1].strip("~.") or "*"


def _check_twice(watches: Sequence[_Placed], problems: Problems) -> None:
    """Refuse two watches of one folder, as each would make a copy of every picture."""
    first: dict[Path, Keys] = {}
    for keys, watch in watches:
        earlier = first.setdefault(_real(watch.root), keys)
        if earlier != keys:
            text = (
                f"path: {watch.path} is the folder of {table_name(earlier)} too; keep one of them"
            )
            problems.add((*keys, "path"), text)


def _check_outbox(outbox: Path, watches: Sequence[_Placed], problems: Problems) -> None:
    """Refuse what would feed copies back; an outbox inside a watched folder is passed over there."""
    for keys, watch in watches:
        place = (*keys, "path") if keys else ("outbox",)
        if _real(watch.root) == _real(outbox):
            text = f"{watch.path} is both watched and the outbox, so every copy would be taken again; {_OUTBOX}"
            problems.add(place, text)
        elif _inside(watch.root, outbox):
            text = f"the watched folder {watch.path} lies inside the outbox {outbox}; {_OUTBOX}"
            problems.add(place, text)


def _check_state(
    state_dir: Path, outbox: Path, watches: Sequence[_Placed], problems: Problems
) -> None:
    """Refuse a ledger, which tells what pictures gave away, among the files that are shared."""
    if _inside(state_dir, outbox):
        text = (
            f"state_dir {state_dir} lies inside the outbox {outbox}, which is there to be shared;"
            ' write a folder elsewhere, such as state_dir = "~/.local/state/unexposed"'
        )
        problems.add(("state_dir",), text)
    for keys, watch in watches:
        if _inside(watch.root, state_dir):
            text = f"the watched folder {watch.path} lies inside state_dir {state_dir}, which is left alone; move one"
            problems.add((*keys, "path") if keys else ("state_dir",), text)


def _inside(inner: Path, outer: Path) -> bool:
    """Whether a folder is another one or lies somewhere in it."""
    return _real(inner).is_relative_to(_real(outer))


def _real(path: Path) -> Path:
    """Follow symbolic links, as far as the folders exist."""
    return Path(os.path.realpath(path))
