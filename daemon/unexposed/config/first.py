"""What somebody wants at first -> a configuration file that says that and nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import tomli_w

from unexposed.config.folders import default_watches
from unexposed.config.paths import shortened
from unexposed.config.settings import Watch

_WIDTH: Final = 88
_HEAD: Final = (
    "What is not said here is as by default. `unexposed config show` prints all that holds, and "
    "`unexposed config check` looks this file over; config.example.toml explains every key."
)
_DEFAULTS: Final = "The folders that are watched by default, as no [[watch]] stands here:"
_WATCHED: Final = (
    "The watched folders. Clean copies of what arrives in them from now on go to the outbox."
)
_FACES: Final = {
    "bystanders": "The faces of people who are in the picture by chance are covered.",
    "all": "All faces are covered.",
}
_ENCODED: Final = "A picture in which one is covered is encoded again."
UNCOVERED: Final = "report"
"""What a policy does with faces where it does nothing."""


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody answered."""

    folders: tuple[Path, ...]
    """The folders to watch, absolute."""
    faces: str = UNCOVERED
    """What becomes of faces, as a policy has it."""


def suggested() -> tuple[Path, ...]:
    """Return the folders that are watched by default."""
    return tuple(one.root for one in default_watches())


def first(wishes: Wishes) -> str:
    """Return the text of the file."""
    usual = {one.root: one for one in default_watches()}
    watches = [usual.get(one, _plain(one)) for one in dict.fromkeys(wishes.folders)]
    lines = [*_comment(_HEAD), ""]
    if set(wishes.folders) == set(usual):
        lines += [*_comment(_DEFAULTS), *(f"#   {shortened(one)}" for one in usual)]
    else:
        lines += _comment(_WATCHED)
        for watch in watches:
            lines += ["", *_table(watch)]
    if wishes.faces != UNCOVERED:
        lines += ["", *_comment(f"{_FACES[wishes.faces]} {_ENCODED}")]
        for name in sorted({one.policy for one in watches}):
            lines += [f"[policy.{name}]", *_keys({"faces": wishes.faces})]
    return "\n".join(lines) + "\n"


def _plain(folder: Path) -> Watch:
    """Watch a folder of the person's own; one that is not there is to be made."""
    return Watch(path=str(folder), create=not folder.is_dir())


def _table(watch: Watch) -> Iterator[str]:
    """Write a watched folder with what differs from the defaults of its keys."""
    usual = msgspec.structs.asdict(Watch(path=watch.path))
    own = msgspec.structs.asdict(watch)
    yield "[[watch]]"
    path = shortened(watch.root).replace("$", "$$")
    yield from _keys({"path": path} | {key: own[key] for key in own if own[key] != usual[key]})


def _keys(values: dict[str, Any]) -> Sequence[str]:
    return tomli_w.dumps(values).splitlines()


def _comment(text: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )
