"""What the picture shows, before and after, and the thumbnails that it hid."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import msgspec

from unexposed.exposure import Finding
from unexposed.report.elements import Html, element, joined, verbatim
from unexposed.report.frames import framed, legend
from unexposed.wording import tr
from unexposed.worker import Shown, Small


def pictures(original: Shown, copy: Shown | None, findings: Sequence[Finding]) -> Html:
    """Return original and clean copy side by side, below them what the original hides.

    What they show of what was found has a frame around it.
    """
    shown = [
        _figure(
            original.picture,
            tr("What would have gone out: the original"),
            tr("The original"),
            findings,
        )
    ]
    if copy is not None:
        still = [
            _on(one, copy.picture, original.picture) for one in findings if one.removed is False
        ]
        shown.append(
            _figure(copy.picture, tr("What goes out: the clean copy"), tr("The clean copy"), still)
        )
    return joined((element("div", *shown, class_="figures"), _hidden(original)))


def _on(one: Finding, copy: Small | None, original: Small | None) -> Finding:
    """Return a finding with its box where it is in the copy, which may be smaller, if that is known."""
    if one.box is None or copy is None or original is None or not all(original.whole):
        return msgspec.structs.replace(one, box=None)
    across, down = (mine / its for mine, its in zip(copy.whole, original.whole, strict=True))
    left, top, width, height = one.box
    box = round(left * across), round(top * down), round(width * across), round(height * down)
    return msgspec.structs.replace(one, box=box)


def _figure(
    small: Small | None, caption: str, alternative: str, findings: Sequence[Finding]
) -> Html:
    words = None
    if small is None:
        picture = element(
            "p",
            tr("This kind of file has no preview here, or the file is not there."),
            class_="nothing",
        )
    else:
        picture = framed(small, _picture(small, alternative), findings)
        if around := legend(findings):
            words = element("span", around, class_="legend")
    return element("figure", picture, element("figcaption", caption, words))


def _hidden(original: Shown) -> Html | None:
    if not original.thumbnails:
        return None
    figures = [
        element(
            "figure",
            _picture(small, tr("A thumbnail that is hidden in the original")),
            element("figcaption", small.where),
        )
        for small in original.thumbnails
    ]
    explained = element(
        "p",
        tr("The original carries these along. Where one was made before the picture was cropped or "
          "covered, it shows what was taken away."),
    )  # fmt: skip
    return element(
        "details",
        element("summary", tr("Show the thumbnails that it hides")),
        explained,
        element("div", *figures, class_="figures"),
        class_="value",
    )


def _picture(small: Small, alternative: str) -> Html:
    encoded = base64.b64encode(small.jpeg).decode()
    return element(
        "img", src=verbatim(f"data:image/jpeg;base64,{encoded}"), width=small.width, height=small.height,
        alt=alternative,
    )  # fmt: skip
