"""Folders that are registries: what is in them is what there is."""

from __future__ import annotations

import os
from collections.abc import Iterable


def modules_in(folders: Iterable[str]) -> frozenset[str]:
    """Return the names of the modules and packages in the folders of a package.

    As `pkgutil.iter_modules` does, which loads `inspect` for it: 5 ms of every start.
    """
    return frozenset(
        entry.name.removesuffix(".py")
        for folder in folders
        for entry in os.scandir(folder)
        if entry.name.endswith(".py") or os.path.isfile(os.path.join(entry.path, "__init__.py"))
    ) - {"__init__"}
