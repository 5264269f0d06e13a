"""Carry out a plan: the kept spans and the new bytes, from one descriptor to another."""

from __future__ import annotations

import errno
import os

from unexposed.formats import Buffer, Keep, Plan, coalesce

_SMALL = 64 << 10
"""Spans below this many bytes are gathered into one write; larger ones stay in the kernel."""

_CHUNK = 1 << 20

_NOT_HERE = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}


def write_plan(plan: Plan, buffer: Buffer, source: int | None, output: int) -> None:
    """Write a clean copy to `output`, from its present position on.

    `source` is the descriptor that `buffer` was mapped from, if it was. Raises OSError when
    the output cannot take it (ENOSPC, EIO).
    """
    pending = bytearray()
    for step in coalesce(plan):
        if isinstance(step, Keep) and step.end - step.start >= _SMALL:
            _write_all(output, pending)
            pending.clear()
            copied = step.start
            if source is not None and not isinstance(buffer, bytes):
                copied = _copy_in_kernel(source, output, step)
            with memoryview(buffer) as content:
                _write_all(output, content[copied : step.end])
            continue
        pending += buffer[step.start : step.end] if isinstance(step, Keep) else step.data
        if len(pending) >= _CHUNK:
            _write_all(output, pending)
            pending.clear()
    _write_all(output, pending)


def _copy_in_kernel(source: int, output: int, span: Keep) -> int:
    """Copy a span without its bytes passing through here; return up to where that went."""
    copy_file_range = getattr(os, "copy_file_range", None)
    start = span.start
    while copy_file_range and start < span.end:
        try:
            copied = copy_file_range(source, output, span.end - start, offset_src=start)
        except OSError as problem:
            if problem.errno in _NOT_HERE:
                break
            raise
        if not copied:
            break
        start += copied
    return start


def _write_all(output: int, data: bytearray | memoryview) -> None:
    with memoryview(data) as rest:
        done = 0
        while done < len(rest):
            done += os.write(output, rest[done:])
