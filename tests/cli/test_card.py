"""The card that `inspect` shows, and what `--explain` says."""

from __future__ import annotations

import io

import click
import pytest
from rich.console import Console

from unexposed.catalogue import KINDS
from unexposed.cli.card import card
from unexposed.cli.explaining import explained
from unexposed.exposure import Finding, Outcome, Report, Span, finding
from unexposed.pipeline import Result

FINDINGS = (
    finding("location.gps", "EXIF GPS", "38.72260, -9.13920", place="in Lisbon, Portugal"),
    finding("person.author", "EXIF", "Anna"),
    finding("time.taken", "EXIF", "2025-04-01 18:22:05+01:00"),
    finding("device.encoder", "quantisation tables", "4:2:0"),
)


def lines_of(*findings: Finding, width: int = 80, encoding: str = "utf-8") -> list[str]:
    report = Report(
        format="jpeg",
        bytes_total=1_000,
        findings=findings,
        spans=(Span(0, 100, "metadata", "EXIF", "removed"), Span(100, 1_000, "image", "", "kept")),
        width=4,
        height=3,
    )
    result = Result(outcome=Outcome.INSPECTED, report=report)
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    return card("a.jpg", result, Console(file=stream, width=width)).plain.splitlines()


def test_a_card_tells_the_level_and_why() -> None:
    assert lines_of(*FINDINGS)[:3] == [
        "a.jpg",
        "  JPEG, 4 x 3, 1.0 kB",
        "  critical  Place, time and person together say who was where and when.",
    ]


def test_a_finding_is_told_with_its_value_and_where_it_stood() -> None:
    shown = lines_of(*FINDINGS, width=120)
    assert "    high      It was made by Anna. (EXIF, person.author)" in shown
    at = shown.index("    medium    It was taken at this time: 1 April 2025.")
    assert shown[at + 1] == "              2025-04-01 18:22:05+01:00 (EXIF, time.taken)"


def test_findings_stand_in_groups_and_what_stays_below_them() -> None:
    shown = lines_of(*FINDINGS)
    groups = [line.strip() for line in shown if line.startswith("  ") and line[2:3].isupper()]
    assert groups[1:] == [
        "Place",
        "Time",
        "People",
        "Device",
        "What stays visible in a clean copy",
    ]
    staying = shown[shown.index("  What stays visible in a clean copy") + 1]
    assert staying.strip().startswith("encoder settings: It stays in a lossless copy;")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    long = finding("person.caption", "IPTC", "a long caption of many words " * 20)
    assert max(map(len, lines_of(*FINDINGS, long, width=width))) <= width


def test_many_findings_of_a_kind_are_counted() -> None:
    people = [finding("person.named", "XMP", f"Person {number}") for number in range(40)]
    shown = lines_of(*people)
    assert "and 35 more, which --json tells" in "\n".join(shown)
    assert "and one more, which --json tells" in "\n".join(lines_of(*people[:6]))


def test_a_terminal_without_unicode_gets_a_bar_of_letters() -> None:
    assert lines_of(*FINDINGS, encoding="ascii")[-2].strip() == "-" * 8 + "#" * 70


def test_a_file_that_cannot_be_read_says_why() -> None:
    result = Result(outcome=Outcome.HELD, reason="it is cut short")
    assert card("a.jpg", result, Console(width=80)).plain == "a.jpg  held: it is cut short"


def test_each_kind_and_family_is_explained() -> None:
    assert next(iter(explained("location.gps"))) == "location.gps (high)"
    assert len(list(explained("all"))) == len(KINDS)
    family = list(explained("time"))
    assert all(line.startswith("time.") for line in family)
    assert len(family) == 4


def test_a_misspelt_kind_is_answered_with_the_nearest() -> None:
    with pytest.raises(click.BadParameter, match=r"Did you mean location\.gps\?"):
        list(explained("locatin.gp"))
    with pytest.raises(click.BadParameter, match="'all' lists them"):
        list(explained("zzzz"))
