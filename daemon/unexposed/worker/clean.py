"""Clean one file: dissect, interpret, write the copy, read the copy again.

Works on two descriptors and knows no path.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from unexposed.errors import Held, Malformed, VerificationFailed
from unexposed.exposure import Report
from unexposed.formats import HEAD, Buffer, Format, Keep, Part, Plan, format_named, sniff
from unexposed.metadata import Block
from unexposed.policy import Policy
from unexposed.worker.interpret import STAYS_WITH_THE_PIXELS, findings_in, marked, spans_of
from unexposed.worker.reencode import encode_again
from unexposed.worker.surroundings import attributes
from unexposed.worker.verify import (
    Header,
    open_header,
    placed,
    verify_header,
    verify_parts,
    verify_pixels,
    verify_same_picture,
    verify_written,
)
from unexposed.worker.write import write_bytes, write_plan


class Examined(msgspec.Struct, frozen=True):
    """A source file taken apart: its handler, parts, plan for a clean copy, and report.

    `obstacle` says why there can be no clean copy, of a file that can be read all the same.
    """

    container: Format
    parts: list[Part]
    plan: Plan
    header: Header
    blocks: list[Block]
    report: Report
    obstacle: str = ""

    @property
    def exposes(self) -> bool:
        """Whether a lossless clean copy would give away less than the source."""
        return any(one.kind not in STAYS_WITH_THE_PIXELS for one in self.report.findings)


@contextmanager
def mapped(descriptor: int) -> Iterator[Buffer]:
    """Map a whole file for reading. Raises Held for an empty one."""
    if os.fstat(descriptor).st_size == 0:
        raise Held("it is empty")
    with mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) as buffer:
        yield buffer


def examine(buffer: Buffer, around: Sequence[Block] = ()) -> Examined:
    """Take a file apart and report what it would give away; nothing is written.

    `around` is what the file system keeps beside it. Raises Held, and its kinds Malformed and UnsupportedFormat, when it cannot be cleaned.
    """
    container = sniff(buffer[:HEAD])
    parts = container.dissect(buffer)
    plan, obstacle = _planned(container, buffer, parts)
    header = open_header(buffer, container)
    blocks = container.blocks(buffer, parts)
    kept = sum(step.end - step.start for step in plan if isinstance(step, Keep))
    report = Report(
        format=container.NAME,
        bytes_total=len(buffer),
        findings=findings_in([*blocks, *around]),
        spans=spans_of(parts, plan),
        bytes_kept=kept,
        bytes_removed=len(buffer) - kept,
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
    examined: Examined, buffer: Buffer, source: int, output: int, policy: Policy
) -> tuple[Report, Format]:
    """Write a clean copy into `output`, an empty file open for reading and writing, and verify it.

    `buffer` is the mapping of `source`. Returns the report with each finding marked by whether
    the copy still holds it, and the copy's format. Raises Held, and its kind VerificationFailed, and OSError when the
    output cannot be written.
    """
    if attributes(output):
        raise VerificationFailed("the copy has extended attributes before anything is in it")
    container = examined.container
    target = container if policy.format == "same" else format_named(policy.format)
    if target is not container or not policy.lossless:
        picture = encode_again(buffer, container, target, policy)
        if picture is not None:
            return _write_encoded(examined, picture, target, output, policy), target
    write_plan(examined.plan, buffer, source, output)
    with mapped(output) as copy:
        verify_written(examined.plan, buffer, copy)
        followed = placed(examined.parts, examined.plan)
        copy_parts = verify_parts(copy, container, followed)
        verify_same_picture(examined.parts, followed, copy_parts)
        verify_header(examined.header, open_header(copy, container))
        if policy.verify == "decode":
            verify_pixels(buffer, copy, container)
    findings = marked(examined.report.findings, encoded_again=False)
    return msgspec.structs.replace(examined.report, findings=findings), container


def _write_encoded(
    examined: Examined, picture: bytes, container: Format, output: int, policy: Policy
) -> Report:
    plan = container.rebuild(picture, container.dissect(picture))
    write_bytes(plan, picture, output)
    with mapped(output) as copy:
        verify_written(plan, picture, copy)
        verify_parts(copy, container)
        verify_header(open_header(picture, container), open_header(copy, container))
        if policy.verify == "decode":
            verify_pixels(picture, copy, container)
    report = examined.report
    return msgspec.structs.replace(
        report,
        findings=marked(report.findings, encoded_again=True),
        spans=tuple(msgspec.structs.replace(span, fate="removed") for span in report.spans),
        bytes_kept=0,
        bytes_removed=report.bytes_total,
    )
