"""What commands that take files share: which files, the worker, and how a result is told."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence

import click

from unexposed.exposure import Finding, Outcome, Report
from unexposed.pipeline import Result

_CONTRACT = {Outcome.SKIPPED: Outcome.INSPECTED}

NOT_A_PICTURE = "not a picture format that can be cleaned yet"


def files_in(paths: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield every file that is meant, with whether it was named and not found in a folder.

    Folders are searched through, without hidden files and without following links.
    Raises click.UsageError for a path where nothing is.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise click.UsageError(f"{path}: there is no such file or folder")
        if not os.path.isdir(path):
            yield path, True
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                whole = os.path.join(folder, name)
                if not name.startswith(".") and not os.path.islink(whole):
                    yield whole, False


def as_named(result: Result) -> Result:
    """Return the result for a file that was asked for by name: what is no picture is held back."""
    if result.outcome is Outcome.SKIPPED and result.report is None:
        return Result(outcome=Outcome.HELD, reason=result.reason)
    return result


def went_wrong(result: Result) -> bool:
    """Whether the exit status should tell of this result."""
    return result.outcome in (Outcome.HELD, Outcome.FAILED)


def json_line(path: str, result: Result) -> str:
    """Return one file's result as the JSON object of the contract, in one line."""
    report = result.report or Report(format="", bytes_total=_size(path))
    return json.dumps(
        {
            "path": path,
            "format": report.format or None,
            "bytes": report.bytes_total,
            "level": report.level.value,
            "outcome": _CONTRACT.get(result.outcome, result.outcome).value,
            "output": result.copy.path if result.copy else None,
            "reason": result.reason or None,
            "findings": [_finding(one) for one in report.findings],
            "bytes_kept": report.bytes_kept,
            "bytes_removed": report.bytes_removed,
            "seconds": round(report.seconds, 6),
        }
    )


def _finding(one: Finding) -> dict[str, object]:
    return {
        "kind": one.kind,
        "where": one.where,
        "summary": one.summary,
        "value": one.value,
        "level": one.level.value,
        "removed": one.removed,
        "box": list(one.box) if one.box else None,
    }


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0
