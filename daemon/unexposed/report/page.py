"""The frame of every page: one HTML file that needs, and may load, nothing else."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import cache
from importlib import resources

from unexposed import __version__
from unexposed.report.elements import Html, element, verbatim
from unexposed.wording import tr
from unexposed.wording.language import chosen


@cache
def _packaged(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def document(title: str, body: Html, made: datetime) -> str:
    """Return a whole page. `made` is when, in the person's own time."""
    style, script = _packaged("page.css"), _packaged("page.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} · unexposed"),
        element("style", verbatim(style)),
    )
    content = (
        element("a", tr("To the content"), class_="skip", href="#content"),
        element("div", element("span", "unexposed", class_="brand"), class_="top", role="banner"),
        element("main", body, id="content"),
        _footer(made),
        element("script", verbatim(script)),
    )
    return "<!doctype html>\n" + element("html", head, element("body", *content), lang=chosen())


def section(name: str, heading: str, *children: Html | str | None) -> Html:
    """Return a landmark with its heading."""
    title = element("h2", heading, id=f"{name}-heading")
    return element("section", title, *children, id=name, aria_labelledby=f"{name}-heading")


def badge(kind: str, word: str, what: str) -> Html:
    """Return a small coloured label; `what` says to a screen reader what the word is about."""
    spoken = element("span", f"{what}: ", class_="unseen")
    return element("span", spoken, word, class_=f"badge {kind}")


def moment(seconds: float) -> Html:
    """Return a time (seconds since the epoch) as the person's clock shows it."""
    there = datetime.fromtimestamp(seconds).astimezone()
    return element("time", f"{there:%Y-%m-%d %H:%M}", datetime=there.isoformat(timespec="minutes"))


def _footer(made: datetime) -> Html:
    stamp = element("time", f"{made:%Y-%m-%d %H:%M}", datetime=made.isoformat(timespec="minutes"))
    return element(
        "footer",
        element("p", tr("Made on this machine by unexposed"), f" {__version__}, ", stamp),
        element(
            "p",
            tr("This page loads nothing and sends nothing. It tells what your pictures would "
              "have told, so do not pass it on."),
        ),
        element(
            "p",
            tr("Places: GeoNames, CC BY 4.0. Map: Natural Earth, public domain; borders as it has them."),
        ),
    )  # fmt: skip


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
