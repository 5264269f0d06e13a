"""A file as a bar, byte range by byte range: what a clean copy keeps, makes plain and removes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from unexposed.exposure import Report, Span
from unexposed.report.elements import Html, element, joined
from unexposed.wording import digits, tr, trn

_WIDTH: Final = 1_000
_HEIGHT: Final = 48
_NARROWEST: Final = 3
"""Units of the bar that a span has at least, so that it can be seen."""
_ROWS: Final = 200
"""Rows of the table at most; a film has thousands of spans."""
_FATES: Final = ("kept", "made plain", "removed")
"""In the order in which they are drawn: what leaves the file lies on top."""


def byte_map(report: Report, *, copied: bool) -> Html:
    """Return the bar, its legend, and the same as a table."""
    return joined(
        (_bar(report), _legend(report, copied=copied), _table(report.spans, copied=copied))
    )


def _word(fate: str, *, copied: bool) -> str:
    words = {
        "kept": (tr("kept"), tr("would be kept")),
        "made plain": (tr("made plain"), tr("would be made plain")),
        "removed": (tr("removed"), tr("would be removed")),
    }
    return words[fate][0 if copied else 1]


def _bar(report: Report) -> Html:
    total = max(1, report.bytes_total)
    drawn = []
    for fate in _FATES:
        for start, end in _stretches(report.spans, fate, total):
            drawn.append(
                element(
                    "rect", class_=_class(fate), x=round(start, 2), y=0,
                    width=round(end - start, 2), height=_HEIGHT,
                )
            )  # fmt: skip
    stripes = element(
        "pattern",
        element("rect", class_="removed", width=8, height=8),
        element("rect", class_="stripe", width=3, height=8),
        id="stripes", width=8, height=8, patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )  # fmt: skip
    label = tr("The file from its first byte to its last; the table below says the same in words")
    return element(
        "svg", element("defs", stripes), *drawn,
        class_="bytes", viewBox=f"0 0 {_WIDTH} {_HEIGHT}", preserveAspectRatio="none",
        role="img", aria_label=label,
    )  # fmt: skip


def _stretches(spans: Sequence[Span], fate: str, total: int) -> list[tuple[float, float]]:
    """Return where the spans of one fate lie on the bar, those that touch as one."""
    found: list[tuple[float, float]] = []
    for span in spans:
        if span.fate != fate:
            continue
        start, end = span.start * _WIDTH / total, span.end * _WIDTH / total
        start = min(start, _WIDTH - _NARROWEST)
        end = max(end, start + _NARROWEST)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _legend(report: Report, *, copied: bool) -> Html:
    items = []
    for fate in _FATES:
        size = sum(span.end - span.start for span in report.spans if span.fate == fate)
        if size:
            swatch = element("span", class_=f"swatch {_class(fate)}", aria_hidden="true")
            amount = trn("{number} byte", "{number} bytes", size)
            items.append(element("li", swatch, f"{_word(fate, copied=copied)}: {amount}"))
    return element("ul", *items, class_="legend")


def _table(spans: Sequence[Span], *, copied: bool) -> Html:
    head = (tr("What it is"), tr("What for"), tr("From byte"), tr("Bytes"), tr("Becomes"))
    rows = [
        element(
            "tr",
            element("th", span.name, scope="row"),
            element("td", _purpose(span.role)),
            element("td", digits(span.start), class_="number"),
            element("td", digits(span.end - span.start), class_="number"),
            element("td", _word(span.fate, copied=copied), class_=f"fate {_class(span.fate)}"),
        )
        for span in spans[:_ROWS]
    ]
    caption = tr("Every stretch of the file, in its order")
    if len(spans) > _ROWS:
        caption = trn(
            "The first stretch of the file, of {all}",
            "The first {number} stretches of the file, of {all}",
            _ROWS,
            all=digits(len(spans)),
        )
    return element(
        "details",
        element("summary", tr("The same as a table")),
        scrolling(
            caption,
            element(
                "table",
                element("caption", caption),
                element("thead", element("tr", *(element("th", one, scope="col") for one in head))),
                element("tbody", *rows),
            ),
        ),
    )


def _purpose(role: str) -> str:
    words = {
        "picture": tr("the picture"),
        "structure": tr("what a viewer needs"),
        "colour": tr("colours"),
        "orientation": tr("which way up"),
        "metadata": tr("notes about it"),
        "thumbnail": tr("a small copy"),
        "trailer": tr("behind its end"),
        "unknown": tr("not known"),
    }
    return words.get(role, role)


def scrolling(label: str, table: Html) -> Html:
    """Return a table in a frame of its own, in which it can be moved where it is too wide."""
    return element("div", table, class_="wide", tabindex=0, role="group", aria_label=label)


def _class(fate: str) -> str:
    return fate.replace(" ", "-")
