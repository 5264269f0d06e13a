"""The page about one file."""

from __future__ import annotations

import os

import msgspec

from unexposed.exposure import Level, Outcome, Report
from unexposed.report.advice import beyond_the_copy
from unexposed.report.bytemap import byte_map
from unexposed.report.elements import Html, element, joined
from unexposed.report.findings import findings_of
from unexposed.report.page import badge, moment, section
from unexposed.report.preview import pictures
from unexposed.wording import levelled, tr, trn
from unexposed.wording.families import told
from unexposed.wording.names import level_called, outcome_called
from unexposed.worker import Shown


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A file as its page tells of it.

    `original` and `copy` are what the files show as they are now, `copy` None where there is none.
    `standing` says whether the original is still what the report is about: "same", "changed",
    "gone". `finished` is in seconds since the epoch. Without a `report` none is kept any more.
    """

    path: str
    outcome: Outcome
    reason: str = ""
    report: Report | None = None
    output: str | None = None
    finished: float | None = None
    standing: str = "same"
    original: Shown = Shown()
    copy: Shown | None = None

    @property
    def name(self) -> str:
        """The file's own name."""
        return os.path.basename(self.path)

    @property
    def level(self) -> Level:
        """The level of the worst finding."""
        return self.report.level if self.report else Level.NONE


def body_of(subject: Subject) -> Html:
    """Return the whole content of a file's page."""
    return joined((_header(subject), _pictures(subject), *_told(subject), beyond_the_copy()))


def _header(subject: Subject) -> Html:
    badges = [badge(f"outcome-{subject.outcome}", outcome_called(subject.outcome), tr("Outcome"))]
    if subject.report:
        badges.append(badge(f"level-{subject.level}", _level(subject.level), tr("Level")))
    facts = [element("div", element("dt", tr("File")), element("dd", subject.path))]
    if subject.output:
        facts.append(element("div", element("dt", tr("Clean copy")), element("dd", subject.output)))
    if subject.finished is not None:
        looked = tr("Looked at") if subject.outcome is Outcome.INSPECTED else tr("Done")
        facts.append(element("div", element("dt", looked), element("dd", moment(subject.finished))))
    if subject.report:
        facts.append(
            element("div", element("dt", tr("Kind")), element("dd", _kind(subject.report)))
        )
    return element(
        "header",
        element("h1", subject.name),
        element("p", *badges, class_="badges"),
        element("p", _in_a_line(subject), class_="lead"),
        element("dl", *facts),
    )


def _level(level: Level) -> str:
    return tr("gives nothing away") if level is Level.NONE else level_called(level)


def _kind(report: Report) -> str:
    size = trn("{number} byte", "{number} bytes", report.bytes_total)
    pixels = (
        tr(", {width} by {height} pixels").format(width=report.width, height=report.height)
        if report.width and report.height
        else ""
    )
    return f"{report.format.upper()}{pixels}, {size}"


def _in_a_line(subject: Subject) -> str:
    """Say what became of it, and why it has its level."""
    became = {
        Outcome.CLEANED: tr("A clean copy was made, and read again to see what it holds."),
        Outcome.HELD: tr("No copy was made, so that nothing gets out that could not be checked."),
        Outcome.FAILED: tr("No copy could be made."),
        Outcome.SKIPPED: tr("No copy was made."),
        Outcome.INSPECTED: tr("It was only looked at; nothing was written."),
        Outcome.WAITING: tr("It waits."),
    }[subject.outcome]
    because = f" {tr('Because:')} {subject.reason}." if subject.reason else ""
    why = levelled(subject.report)[1] if subject.report else ""
    return f"{became}{because} {why}"


def _pictures(subject: Subject) -> Html:
    notes = {
        "changed": tr("The original has changed since: the picture shows it as it is now, "
                     "the rest of this page is about what it was."),
        "gone": tr("The original is not there any more, so that it cannot be shown."),
    }  # fmt: skip
    note = notes.get(subject.standing)
    same = subject.report if subject.standing != "changed" else None
    findings = same.findings if same else ()
    return section(
        "pictures",
        tr("What it shows"),
        element("p", note, class_="note") if note else None,
        pictures(subject.original, subject.copy, findings),
    )


def _told(subject: Subject) -> list[Html]:
    report = subject.report
    if report is None:
        text = tr(
            "What this file gave away is not remembered: too long ago, or it could not be read."
        )
        return [section("findings", tr("What it gave away"), element("p", text))]
    copied = subject.outcome is Outcome.CLEANED
    sections = [
        section(
            "findings",
            tr("What it gave away") if copied else tr("What it gives away"),
            findings_of(report),
        )
    ]
    if report.spans:
        heading = tr("What became of its bytes") if copied else tr("What would become of its bytes")
        if subject.outcome in (Outcome.HELD, Outcome.FAILED):
            heading = tr("What it is made of")
        sections.append(section("bytes", heading, byte_map(report, copied=copied)))
    sections.append(_kept(report, copied=copied))
    return sections


def _kept(report: Report, *, copied: bool) -> Html:
    reasons = {
        "picture": tr("the picture data, bit for bit as it was"),
        "structure": tr("headers and tables, without which no program could show it"),
        "colour": tr("what its numbers mean as colours"),
        "orientation": tr("which way up it is shown, and nothing else"),
    }
    amounts = {
        role: sum(
            one.end - one.start for one in report.spans if one.role == role and one.fate == "kept"
        )
        for role in reasons
    }
    items = [
        element("li", f"{reasons[role]}: {trn('{number} byte', '{number} bytes', amount)}")
        for role, amount in amounts.items()
        if amount
    ]
    if not items:
        items = [element("li", tr("nothing as it was: all of it is written anew, or stays behind"))]
    stays = [told(one.kind) for one in report.findings if one.removed is False]
    also = None
    if stays:
        also = element(
            "p",
            tr("Still told by the copy, by your policy or because it stands in the picture itself:"),
            " ",
            ", ".join(dict.fromkeys(stays)), ".", class_="note",
        )  # fmt: skip
    heading = tr("What was kept, and why") if copied else tr("What a clean copy keeps, and why")
    return section("kept", heading, element("ul", *items, class_="plain"), also)
