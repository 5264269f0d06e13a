"""What a file gave away, by family; the values themselves only when they are asked for."""

from __future__ import annotations

from unexposed.exposure import Finding, Report
from unexposed.report.elements import Html, element, joined
from unexposed.report.families import grouped, level_word, told
from unexposed.report.language import _
from unexposed.report.page import badge
from unexposed.report.worldmap import map_of, position_in


def findings_of(report: Report) -> Html:
    """Return all findings; a screen reader hears them as lists below headings."""
    if not report.findings:
        return element("p", _("Nothing was found in it that gives anything away."))
    groups = [
        element("div", element("h3", heading), element("ul", *map(_item, found), class_="findings"))
        for heading, found in grouped(report.findings)
    ]
    button = None
    if any(one.value or one.place for one in report.findings):
        button = element(
            "button", _("Show all values"), type="button", class_="needs-script", hidden=True,
            id="all-values", aria_pressed="false", data_hide=_("Hide all values"),
            data_show=_("Show all values"),
        )  # fmt: skip
    hint = element(
        "p", _("Values stay covered until you ask for them, as somebody may look over your shoulder."),
        class_="hint",
    )  # fmt: skip
    return joined((hint if button else None, button, element("div", *groups, class_="families")))


def _item(one: Finding) -> Html:
    became = {True: _("not in the clean copy"), False: _("still in the clean copy"), None: ""}
    line = element(
        "p",
        badge(f"level-{one.level}", level_word(one.level), _("Level")),
        element("strong", _capital(told(one.kind))),
    )
    where = [one.where, became[one.removed]]
    details = element("p", " · ".join(filter(None, where)), class_="where")
    return element(
        "li", line, details, _value(one), class_="stays" if one.removed is False else None
    )


def _value(one: Finding) -> Html | None:
    if not one.value and not one.place:
        return None
    shown = [element("p", element("code", one.value))] if one.value else []
    if one.place:
        shown.append(element("p", _capital(one.place)))
    if _says_more(one):
        shown.append(element("p", _capital(one.summary)))
    degrees = position_in(one.value) if one.kind == "location.gps" else None
    if degrees:
        shown.append(map_of(*degrees, one.place))
    name = element("span", f": {told(one.kind)}", class_="unseen")
    return element("details", element("summary", _("Show value"), name), *shown, class_="value")


def _says_more(one: Finding) -> bool:
    return not one.place and one.summary not in (told(one.kind), f"{told(one.kind)}: {one.value}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
