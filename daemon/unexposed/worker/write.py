"""Carry out a plan: the kept spans and the new bytes, from one descriptor to another."""

from __future__ import annotations

import errno
import os

from unexposed.formats import Buffer, Keep, Plan, coalesce

_SMALL = 64 << 10
"""Spans below this many bytes are gathered into one write; larger ones stay in the kernel."""

_CHUNK = 1 << 20

_NOT_HERE = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}


def write_plan(plan: Plan, buffer: Buffer, source: int, output: int) -> None:
    """Write a clean copy to `output`, from its present position on.

    `source` is the descriptor that `buffer` was mapped from. Raises OSError when the
    output cannot take it (ENOSPC, EIO).
    """
    pending = bytearray()
    for step in coalesce(plan):
        if isinstance(step, Keep) and step.end - step.start >= _SMALL:
            _write_all(output, pending)
            pending.clear()
            _copy_span(buffer, source, output, step.start, step.end)
            continue
        pending += buffer[step.start : step.end] if isinstance(step, Keep) else step.data
        if len(pending) >= _CHUNK:
            _write_all(output, pending)
            pending.clear()
    _write_all(output, pending)


def write_bytes(plan: Plan, buffer: Buffer, output: int) -> None:
    """Write a clean copy of a buffer that has no descriptor of its own."""
    for step in coalesce(plan):
        if isinstance(step, Keep):
            _write_span(buffer, output, step.start, step.end)
        else:
            _write_all(output, step.data)


def _copy_span(buffer: Buffer, source: int, output: int, start: int, end: int) -> None:
    copy_file_range = getattr(os, "copy_file_range", None)
    while copy_file_range and start < end:
        try:
            copied = copy_file_range(source, output, end - start, offset_src=start)
        except OSError as problem:
            if problem.errno in _NOT_HERE:
                break
            raise
        if not copied:
            break
        start += copied
    _write_span(buffer, output, start, end)


def _write_span(buffer: Buffer, output: int, start: int, end: int) -> None:
    while start < end:
        piece = buffer[start : min(end, start + _CHUNK)]
        _write_all(output, piece)
        start += len(piece)


def _write_all(output: int, data: bytes | bytearray) -> None:
    with memoryview(data) as rest:
        done = 0
        while done < len(rest):
            done += os.write(output, rest[done:])
