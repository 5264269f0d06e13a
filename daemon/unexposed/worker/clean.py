"""Clean one file: dissect, interpret, write the copy, read the copy again.

Works on two descriptors and knows no path.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.exposure import Report, looked_closer, worst_first
from unexposed.formats import HEAD, Buffer, Format, Keep, Part, Plan, composed, format_named, sniff
from unexposed.metadata import Block
from unexposed.metadata.note import kept, note_of
from unexposed.places import Home
from unexposed.policy import Policy
from unexposed.worker.encoded import Encoded
from unexposed.worker.interpret import STAYS_WITH_THE_PIXELS, findings_in, marked, spans_of
from unexposed.worker.look import thumbnails_in
from unexposed.worker.releasing import releasing
from unexposed.worker.sight import PLAIN_SIGHT, Sight
from unexposed.worker.syncing import Syncing
from unexposed.worker.verify import (
    Header,
    open_header,
    placed,
    verify_frames,
    verify_header,
    verify_note,
    verify_parts,
    verify_pixels,
    verify_same_bytes,
    verify_same_picture,
    verify_written,
)
from unexposed.worker.write import write_plan

_SMALL = 16 << 20
"""Bytes of a file that is read into memory at most."""


class Planned(msgspec.Struct, frozen=True):
    """A file taken apart, and how a clean copy is made of it."""

    container: Format
    parts: list[Part]
    plan: Plan
    header: Header


class Examined(Planned, frozen=True):
    """A source file taken apart, its metadata, and the report.

    `obstacle` says why there can be no clean copy, of a file that can be read all the same.
    """

    blocks: list[Block]
    report: Report
    obstacle: str = ""

    @property
    def exposes(self) -> bool:
        """Whether a lossless clean copy would give away less than the source."""
        return any(one.kind not in STAYS_WITH_THE_PIXELS for one in self.report.findings)


@contextmanager
def taken_in(descriptor: int) -> Iterator[Buffer]:
    """Hand out a whole file for reading: read if it is small, else mapped. Raises Held for an empty one.

    Going over a mapping costs more than reading it first and going over that.
    """
    size = os.fstat(descriptor).st_size
    if size > _SMALL:
        with mapped(descriptor) as buffer:
            yield buffer
        return
    content = os.pread(descriptor, size, 0)
    while len(content) < size and (more := os.pread(descriptor, size, len(content))):
        content += more
    if not content:
        raise Held("it is empty")
    yield content


@contextmanager
def mapped(descriptor: int) -> Iterator[Buffer]:
    """Map a whole file for reading. Raises Held for an empty one."""
    if os.fstat(descriptor).st_size == 0:
        raise Held("it is empty")
    with mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) as buffer, releasing(buffer):
        yield buffer


def examine(buffer: Buffer, around: Sequence[Block] = (), home: Home | None = None) -> Examined:
    """Take a file apart and report what it would give away; nothing is written.

    `around` is what the file system keeps beside it, `home` where its person lives. Raises Held,
    and its kinds Malformed and UnsupportedFormat, when it cannot be cleaned.
    """
    container = sniff(buffer[:HEAD])
    parts = container.dissect(buffer)
    plan, obstacle = _planned(container, buffer, parts)
    header = Header((0, 0), "") if obstacle else open_header(buffer, container)
    blocks = container.blocks(buffer, parts)
    staying = sum(step.end - step.start for step in plan if isinstance(step, Keep))
    report = Report(
        format=container.NAME,
        bytes_total=len(buffer),
        findings=findings_in([*blocks, *around], home),
        spans=spans_of(parts, plan),
        bytes_kept=staying,
        bytes_removed=len(buffer) - staying,
        width=header.size[0],
        height=header.size[1],
    )
    return Examined(container, parts, plan, header, blocks, report, obstacle)


def _planned(container: Format, buffer: Buffer, parts: list[Part]) -> tuple[Plan, str]:
    """Return the plan for a clean copy, or none and the reason why there can be none."""
    try:
        return container.rebuild(buffer, parts), ""
    except Malformed:
        raise
    except Held as obstacle:
        return [], str(obstacle)


def write_clean(
    examined: Examined,
    buffer: Buffer,
    source: int,
    output: int,
    policy: Policy,
    *,
    sight: Sight = PLAIN_SIGHT,
) -> tuple[Report, Format]:
    """Write a clean copy into `output`, an empty file open for reading and writing, and verify it.

    `buffer` is the content of `source`; what is to be covered is looked for with that `sight`.
    Returns the report with each finding marked by whether the copy still holds it, and the copy's
    format. Raises Held, and its kind VerificationFailed, and OSError when the output cannot be
    written.
    """
    report = examined.report
    note = note_of(report.findings, policy.keep, no_training=policy.mark == "no-ai-training")
    encoded = _encoded(examined, buffer, policy, sight)
    planned: Planned = examined
    shown: Buffer = buffer
    given: int | None = source
    if encoded.picture is not None:
        shown, given = encoded.picture, None
        planned = _planned_anew(encoded.picture, encoded.container)
    noted = _write_verified(planned, shown, given, output, note.packet)
    if encoded.frames:
        with mapped(output) as copy:
            verify_frames(copy, planned.container, encoded.frames)
    if policy.verify == "decode":
        with mapped(output) as copy:
            verify_pixels(shown, copy, planned.container)
    again = encoded.picture is not None
    findings = marked(report.findings, encoded_again=again, pages=encoded.frames)
    if noted:
        findings = kept(note, findings)
    findings = worst_first(looked_closer(findings, encoded.findings))
    report = msgspec.structs.replace(report, findings=findings)
    return _without_spans(report) if again else report, planned.container


def _encoded(examined: Examined, buffer: Buffer, policy: Policy, sight: Sight) -> Encoded:
    """Cover what the policy does not let be seen, and encode again where it asks for that."""
    container = examined.container
    target = container if policy.format == "same" else format_named(policy.format)
    encoded = Encoded(container)
    if policy.covering:
        from unexposed.worker.redact import redact  # noqa: PLC0415 - 4 ms for few policies

        hidden = thumbnails_in(examined.blocks)
        encoded = redact(buffer, container, target, policy, sight, thumbnails=hidden)
    if encoded.picture is not None or (target is container and policy.lossless):
        return encoded
    from unexposed.worker.reencode import encode_again  # noqa: PLC0415 - 3 ms, as above

    picture = encode_again(buffer, container, target, policy)
    return msgspec.structs.replace(encoded, container=target, picture=picture)


def _without_spans(report: Report) -> Report:
    """Say that no byte of the source stands in the copy."""
    spans = tuple(msgspec.structs.replace(span, fate="removed") for span in report.spans)
    return msgspec.structs.replace(
        report, spans=spans, bytes_kept=0, bytes_removed=report.bytes_total
    )


def _planned_anew(picture: bytes, container: Format) -> Planned:
    parts = container.dissect(picture)
    plan = container.rebuild(picture, parts)
    return Planned(container, parts, plan, open_header(picture, container))


def _write_verified(
    planned: Planned, buffer: Buffer, source: int | None, output: int, packet: bytes
) -> bool:
    """Write the copy and read it again; then, with a packet, the same copy with that in it.

    `buffer` is the content of `source`, if it has one. Returns whether the packet is in the copy.
    """
    container, plan = planned.container, planned.plan
    with _written(plan, buffer, source, output) as copy:
        followed = placed(planned.parts, plan)
        parts = verify_parts(copy, container, followed)
        verify_same_picture(planned.parts, followed, parts)
        verify_header(planned.header, open_header(copy, container))
        addition = container.annotate(copy, parts, packet) if packet else None
    if addition is None:
        return False
    noted = composed(addition, plan)
    os.ftruncate(output, 0)
    os.lseek(output, 0, os.SEEK_SET)
    with _written(noted, buffer, source, output) as copy:
        again = verify_note(copy, container, packet, placed(planned.parts, noted))
        verify_same_bytes(composed(again, noted), plan, buffer)
        verify_header(planned.header, open_header(copy, container))
    return True


@contextmanager
def _written(plan: Plan, buffer: Buffer, source: int | None, output: int) -> Iterator[Buffer]:
    """Write what a plan says, and hand out the copy with which it was compared.

    A large copy is on the disk when the block ends.
    """
    with Syncing(output, len(buffer)) as syncing:
        write_plan(plan, buffer, source, output)
        syncing.written()
        with mapped(output) as copy:
            verify_written(plan, buffer, copy)
            yield copy
