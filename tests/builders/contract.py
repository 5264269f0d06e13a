"""What every format handler promises, whatever the input."""

from __future__ import annotations

import pytest

from tests.builders.plans import apply
from unexposed.errors import Held, Malformed
from unexposed.formats import KEPT_ROLES, Buffer, Format, Keep, Part, Role
from unexposed.metadata.note import Note
from unexposed.worker.verify import placed

STAYING = {"encoder", "pages", "channels"}
"""What is told of the picture itself, in a clean copy too."""

PACKET = Note(author="Anna & Ölaf <3", data_mining="no").packet


def clean(buffer: Buffer, container: Format) -> bytes:
    """The clean copy, once everything that a handler promises of it has been seen to hold."""
    parts = container.dissect(buffer)
    assert_tiled(parts, len(buffer))
    plan = container.rebuild(buffer, parts)
    copy = apply(buffer, plan)
    copy_parts = container.dissect(copy)
    assert container.dissect(copy, placed(parts, plan)) == copy_parts
    assert_tiled(copy_parts, len(copy))
    assert [part for part in copy_parts if not part.allowed] == []
    assert all(isinstance(step, Keep) for step in container.rebuild(copy, copy_parts))
    assert apply(copy, container.rebuild(copy, copy_parts)) == copy
    left = [block.language for block in container.blocks(copy, copy_parts)]
    assert set(left) <= STAYING
    assert pictures(copy, copy_parts) == pictures(buffer, parts)
    assert_annotated(copy, container)
    for block in container.blocks(buffer, parts):
        assert 0 < block.size <= len(buffer)
    dirty = [part for part in parts if part.role not in KEPT_ROLES]
    kept = [step for step in plan if isinstance(step, Keep)]
    assert not any(one.start < part.end and part.start < one.end for part in dirty for one in kept)
    return copy


def survives(buffer: Buffer, container: Format) -> bool:
    """Whether a file can be cleaned; if not, it is held back and nothing worse."""
    try:
        parts = container.dissect(buffer)
    except Malformed as reason:
        held = reason
    else:
        return _survives(buffer, container, parts)
    assert 0 <= held.offset <= len(buffer)
    return False


def _survives(buffer: Buffer, container: Format, parts: list[Part]) -> bool:
    assert_tiled(parts, len(buffer))
    try:
        container.rebuild(buffer, parts)
    except Malformed:
        raise
    except Held:
        container.blocks(buffer, parts)
        return False
    clean(buffer, container)
    return True


def reason(buffer: Buffer, container: Format) -> str:
    """Why a file is read but not cleaned, once it was seen that it is reported all the same."""
    parts = container.dissect(buffer)
    assert [part.allowed for part in parts] == [False]
    assert not survives(buffer, container)
    with pytest.raises(Held) as held:
        container.rebuild(buffer, parts)
    assert not isinstance(held.value, Malformed)
    return str(held.value)


def assert_annotated(copy: bytes, container: Format) -> None:
    """A note can be put into a clean copy, is all that it then tells, and comes out again."""
    plan = container.annotate(copy, container.dissect(copy), PACKET)
    if plan is None:
        return
    noted = apply(copy, plan)
    parts = container.dissect(noted)
    assert_tiled(parts, len(noted))
    told = [one for one in container.blocks(noted, parts) if one.language not in STAYING]
    assert [(one.language, one.payload) for one in told] == [("xmp", PACKET)]
    assert apply(noted, container.rebuild(noted, parts)) == copy


def assert_tiled(parts: list[Part], size: int) -> None:
    position = 0
    for part in parts:
        assert part.start == position
        assert part.end > position
        position = part.end
    assert position == size


def pictures(buffer: Buffer, parts: list[Part]) -> bytes:
    return b"".join(buffer[one.start : one.end] for one in parts if one.role is Role.PICTURE)
