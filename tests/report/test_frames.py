"""Frames on a preview, and the words about them."""

from __future__ import annotations

import re

import msgspec
import pytest

from unexposed.exposure import IN_SIGHT, Finding, Report, finding
from unexposed.report.elements import element
from unexposed.report.findings import findings_of
from unexposed.report.frames import framed, legend
from unexposed.report.preview import pictures
from unexposed.worker import Shown, Small

PREVIEW = Small(b"", 400, 300, whole=(4000, 3000))
IMAGE = element("img")


def seen(kind: str, box: tuple[int, int, int, int] | None = (100, 200, 300, 400)) -> Finding:
    return finding(kind, IN_SIGHT, "x", removed=False, box=box)


def drawn(*findings: Finding) -> list[str]:
    return re.findall(r"<rect [^>]*>", str(framed(PREVIEW, IMAGE, findings)))


def test_a_frame_is_where_the_finding_is_in_two_lines() -> None:
    under, over = drawn(seen("content.face.bystander"))
    assert 'class="under"' in under
    assert 'class="over-high"' in over
    for line in (under, over):
        assert 'x="100.0" y="200.0" width="300" height="400"' in line


def test_a_frame_around_something_tiny_is_still_seen_and_around_its_middle() -> None:
    line, _ = drawn(seen("content.code", (1000, 1000, 10, 10)))
    assert 'x="981.0" y="981.0" width="48.0" height="48.0"' in line


@pytest.mark.parametrize(
    "nowhere",
    [
        seen("content.text", None),
        finding("content.code", f"frame 2 of {IN_SIGHT}", "x", box=(1, 2, 3, 4)),
        finding("content.thumbnail", "EXIF", "x"),
    ],
)
def test_what_is_not_in_the_picture_that_is_shown_has_no_frame(nowhere: Finding) -> None:
    assert framed(PREVIEW, IMAGE, [nowhere]) == IMAGE
    assert not legend([nowhere])


def test_a_preview_of_unknown_size_has_no_frames() -> None:
    assert framed(Small(b"", 4, 3), IMAGE, [seen("content.code")]) == IMAGE


def test_a_crowd_has_a_hundred_frames_at_most() -> None:
    crowd = [seen("content.face.bystander", (one, 0, 50, 50)) for one in range(150)]
    assert len(drawn(*crowd)) == 2 * 100


def test_the_legend_counts() -> None:
    findings = [
        *[seen("content.face.subject")] * 3,
        seen("content.face.bystander"),
        *[seen("content.text.email")] * 2,
        seen("content.code"),
    ]
    assert legend(findings) == (
        "Framed: 3 people whom the picture is of, another person, an e-mail address (2 times), a code"
    )
    assert legend([seen("content.face.subject")]) == "Framed: the person whom the picture is of"


def test_what_was_covered_is_framed_on_the_original_and_not_on_the_copy() -> None:
    gone = msgspec.structs.replace(seen("content.text.email"), removed=True)
    still = seen("content.face.bystander", (1000, 100, 300, 300))
    small = Small(b"", 400, 300, whole=(4000, 3000))
    page = str(pictures(Shown(small), Shown(small), [gone, still]))
    original, copy = page.split("<figure>")[1:]
    assert "Framed: an e-mail address, another person" in original
    assert original.count("<rect ") == 4
    assert "Framed: another person" in copy
    assert copy.count("<rect ") == 2


def test_the_list_says_of_what_was_covered_that_it_was() -> None:
    covered = msgspec.structs.replace(seen("content.text.email"), removed=True)
    told = str(findings_of(Report(format="jpeg", bytes_total=9, findings=(covered,))))
    assert f"{IN_SIGHT} · covered in the clean copy" in told
    gone = finding("content.thumbnail", "EXIF thumbnail", "x", removed=True)
    told = str(findings_of(Report(format="jpeg", bytes_total=9, findings=(gone,))))
    assert "EXIF thumbnail · not in the clean copy" in told
