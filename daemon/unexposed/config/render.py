"""Config -> TOML."""

from __future__ import annotations

from typing import Any

import msgspec
import tomli_w

from unexposed.config.settings import Config


def as_toml(config: Config) -> str:
    """Write a complete configuration as a file that loads to the same one."""
    values = msgspec.to_builtins(config)
    values["outbox"] = _literal(values["outbox"])
    values["state_dir"] = _literal(values["state_dir"])
    values["watch"] = [
        _without_none(watch) | {"path": _literal(watch["path"])} for watch in values["watch"]
    ]
    return tomli_w.dumps(_without_none(values))


def _literal(path: str) -> str:
    """Write a path so that it is not expanded a second time."""
    return path.replace("$", "$$")


def _without_none(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value is not None}
