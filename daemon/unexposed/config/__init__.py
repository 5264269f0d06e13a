"""The configuration: where it stands, what it says, and what is wrong with it."""

from unexposed.config.changes import Changes
from unexposed.config.first import UNCOVERED, Wishes, first, suggested
from unexposed.config.reading import default_path, defaults, example, find, load, parse
from unexposed.config.render import as_toml
from unexposed.config.saving import save
from unexposed.config.settings import (
    Config,
    History,
    Notifications,
    Vision,
    Watch,
    Watching,
    Worker,
)
from unexposed.places import Home

__all__ = [
    "UNCOVERED",
    "Changes",
    "Config",
    "History",
    "Home",
    "Notifications",
    "Vision",
    "Watch",
    "Watching",
    "Wishes",
    "Worker",
    "as_toml",
    "default_path",
    "defaults",
    "example",
    "find",
    "first",
    "load",
    "parse",
    "save",
    "suggested",
]
