"""Carry out plans in memory, and clean a file the way the worker does."""

from __future__ import annotations

from unexposed.formats import Buffer, Format, Keep, Plan


def apply(buffer: Buffer, plan: Plan) -> bytes:
    """The clean copy that a plan describes."""
    return b"".join(
        buffer[step.start : step.end] if isinstance(step, Keep) else step.data for step in plan
    )


def cleaned(buffer: Buffer, container: Format) -> bytes:
    """The clean copy of a file. Raises Malformed."""
    return apply(buffer, container.rebuild(buffer, container.dissect(buffer)))
