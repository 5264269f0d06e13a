"""The configuration: where it stands, what it says, and what is wrong with it."""

from unexposed.config.changes import Changes
from unexposed.config.reading import default_path, defaults, example, find, load, parse
from unexposed.config.render import as_toml
from unexposed.config.settings import Config, History, Notifications, Watch, Watching, Worker
from unexposed.places import Home

__all__ = [
    "Changes",
    "Config",
    "History",
    "Home",
    "Notifications",
    "Watch",
    "Watching",
    "Worker",
    "as_toml",
    "default_path",
    "defaults",
    "example",
    "find",
    "load",
    "parse",
]
