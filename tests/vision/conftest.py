"""Where the extra `vision` is not installed, this folder's tests are skipped; never in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from unexposed.vision import available


class _Skipped(pytest.Module):
    def collect(self) -> list[pytest.Item | pytest.Collector]:
        pytest.skip("the extra `vision` is not installed", allow_module_level=True)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Pass over a module before it is imported, as it needs what the extra brings."""
    if available() or os.environ.get("CI") == "true":
        return None
    return _Skipped.from_parent(parent, path=module_path)
