"""Frames on a preview around what the picture shows, and in words what they are around."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from unexposed.exposure import IN_SIGHT, Finding
from unexposed.report.elements import Html, element, joined
from unexposed.wording import numbered, tr
from unexposed.wording.families import told
from unexposed.worker import Small

_MOST: Final = 100
"""Frames that are drawn on one preview at most."""

_LEAST: Final = 0.012
"""Part of the picture's longer side that a frame has at least, so that it can be seen."""


def framed(small: Small, picture: Html, findings: Sequence[Finding]) -> Html:
    """Return a preview with a frame around each thing of which a finding says where it is."""
    boxes = _placed(findings)[:_MOST]
    width, height = small.whole
    if not boxes or not width or not height:
        return picture
    drawing = element(
        "svg", *(_frame(one, width, height) for one in boxes), class_="frames",
        viewBox=f"0 0 {width} {height}", preserveAspectRatio="none", aria_hidden="true",
    )  # fmt: skip
    return element("div", picture, drawing, class_="framed")


def legend(findings: Sequence[Finding]) -> str:
    """Say what is framed."""
    counted = Counter(one.kind for one in _placed(findings))
    if not counted:
        return ""
    words = (numbered(kind, told(kind), number) for kind, number in counted.items())
    return tr("Framed: {what}").format(what=", ".join(words))


def _placed(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that are somewhere in the picture as it is shown."""
    return [one for one in findings if one.box and one.where == IN_SIGHT]


def _frame(one: Finding, width: int, height: int) -> Html:
    assert one.box is not None
    left, top, across, down = one.box
    least = _LEAST * max(width, height)
    wide, high = max(across, least), max(down, least)
    place = {
        "x": round(left + (across - wide) / 2, 1), "y": round(top + (down - high) / 2, 1),
        "width": round(wide, 1), "height": round(high, 1),
    }  # fmt: skip
    # Two lines, dark and light, as one of them stands out from any picture.
    return joined(element("rect", class_=line, **place) for line in ("under", f"over-{one.level}"))
