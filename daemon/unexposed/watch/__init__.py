"""Watching folders: which files arrived, and when each is complete.

`Watcher` is started, told what to watch, and calls back with every complete file.
Whoever remembers files between two runs implements `Memory`; what a daemon saw before it read its
configuration again is an `Acquaintance`.
"""

from unexposed.watch.roots import Acquaintance, FolderState
from unexposed.watch.sweep import Memory
from unexposed.watch.watcher import Watcher

__all__ = ["Acquaintance", "FolderState", "Memory", "Watcher"]
