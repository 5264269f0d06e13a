"""What a file gave away, by family; the values themselves only when they are asked for."""

from __future__ import annotations

from unexposed.exposure import Finding, Report
from unexposed.report.elements import Html, element, joined
from unexposed.report.page import badge
from unexposed.report.worldmap import map_of, position_in
from unexposed.wording import cleaning, is_covered, sentence, shown, tr, why
from unexposed.wording.families import grouped, told
from unexposed.wording.names import level_called


def findings_of(report: Report) -> Html:
    """Return all findings; a screen reader hears them as lists below headings."""
    if not report.findings:
        return element("p", tr("Nothing was found in it that gives anything away."))
    groups = [
        element("div", element("h3", heading), element("ul", *map(_item, found), class_="findings"))
        for heading, found in grouped(report.findings)
    ]
    button = None
    if any(one.value or one.place for one in report.findings):
        button = element(
            "button", tr("Show all values"), type="button", class_="needs-script", hidden=True,
            id="all-values", aria_pressed="false", data_hide=tr("Hide all values"),
            data_show=tr("Show all values"),
        )  # fmt: skip
    hint = element(
        "p", tr("Values stay covered until you ask for them, as somebody may look over your shoulder."),
        class_="hint",
    )  # fmt: skip
    return joined((hint if button else None, button, element("div", *groups, class_="families")))


def _item(one: Finding) -> Html:
    line = element(
        "p",
        badge(f"level-{one.level}", level_called(one.level), tr("Level")),
        element("strong", capital(told(one.kind))),
    )
    became = {
        True: tr("covered in the clean copy") if is_covered(one) else tr("not in the clean copy"),
        False: tr("still in the clean copy"),
        None: cleaning(one),
    }
    where = [one.where, became[one.removed]]
    return element(
        "li",
        line,
        element("p", why(one)) if why(one) else None,
        element("p", " · ".join(filter(None, where)), class_="where"),
        _value(one),
        class_="stays" if one.removed is False else None,
    )


def _value(one: Finding) -> Html | None:
    """Return the value and what it says, covered until somebody asks for it."""
    if not one.value and not one.place:
        return None
    degrees = position_in(one.value) if one.kind == "location.gps" else None
    exact = shown(one) if degrees else one.value
    name = element("span", f": {told(one.kind)}", class_="unseen")
    return element(
        "details",
        element("summary", tr("Show value"), name),
        element("p", sentence(one)),
        element("p", element("code", exact)) if exact else None,
        map_of(*degrees, one.place) if degrees else None,
        class_="value",
    )


def capital(text: str) -> str:
    """Return a text that begins as a sentence does."""
    return text[:1].upper() + text[1:]
