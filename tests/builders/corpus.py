"""Real files from cameras and programs, where a checkout of them lies beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def real_files(*extensions: str) -> list[object]:
    """Parameters for a test: the files with one of these endings, or one that skips."""
    found = sorted(path for path in CORPUS.rglob("*") if path.suffix.lower() in extensions)
    if found:
        return [pytest.param(path, id=path.name) for path in found]
    reason = "no ../shared/corpus beside the project"
    return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="none")]
