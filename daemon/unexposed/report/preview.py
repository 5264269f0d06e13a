"""What the picture shows, before and after, and the thumbnails that it hid."""

from __future__ import annotations

import base64

from unexposed.report.elements import Html, element, joined, verbatim
from unexposed.wording import tr
from unexposed.worker import Shown, Small


def pictures(original: Shown, copy: Shown | None) -> Html:
    """Return original and clean copy side by side, below them what the original hides."""
    shown = [
        _figure(original.picture, tr("What would have gone out: the original"), tr("The original"))
    ]
    if copy is not None:
        shown.append(
            _figure(copy.picture, tr("What goes out: the clean copy"), tr("The clean copy"))
        )
    return joined((element("div", *shown, class_="figures"), _hidden(original)))


def _figure(small: Small | None, caption: str, alternative: str) -> Html:
    if small is None:
        picture = element(
            "p",
            tr("This kind of file has no preview here, or the file is not there."),
            class_="nothing",
        )
    else:
        picture = _picture(small, alternative)
    return element("figure", picture, element("figcaption", caption))


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
