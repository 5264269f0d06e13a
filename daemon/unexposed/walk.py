"""Walking a tree without following symbolic links and without opening anything but folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator


def regular_files(
    top: str,
    enters: Callable[[str], bool],
    unreadable: Callable[[str, OSError], None],
) -> Iterator[os.DirEntry[str] | None]:
    """Yield the regular files below `top`, and None after each folder.

    Folders come in the order of their names, files as the system lists them. `enters`
    decides over each folder below `top`. A folder that cannot be read is handed to
    `unreadable`, and the walk goes on; one that vanished is passed over.
    """
    folders = [top]
    while folders:
        folder = folders.pop()
        inside: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if enters(entry.path):
                            inside.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        yield entry
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as problem:
            unreadable(folder, problem)
        folders += sorted(inside, reverse=True)
        yield None
