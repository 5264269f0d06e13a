"""Watching folders: which files arrived, and when each is complete.

`Watcher` is started, told what to watch, and calls back with every complete file.
Whoever remembers files between two runs implements `Memory`.
"""

from unexposed.watch.roots import FolderState
from unexposed.watch.sweep import Memory
from unexposed.watch.watcher import Watcher

__all__ = ["FolderState", "Memory", "Watcher"]
