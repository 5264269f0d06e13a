"""What was exposed, week by week, as a chart with the same numbers as a table behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from unexposed.catalogue import FAMILIES
from unexposed.ledger import Entry
from unexposed.report.bytemap import scrolling
from unexposed.report.elements import Html, element, joined
from unexposed.wording import tr, trn
from unexposed.wording.families import family

_WEEKS: Final = 13
_CELL, _GAP, _LEFT, _TOP = 44, 4, 170, 26
_SHADES: Final = 4


def chart(entries: Sequence[Entry], today: date) -> Html:
    """Return how many files told what in each of the last weeks, which begin on Mondays.

    The week of today stands first, so that it is seen where only a part of the chart has room.
    """
    weeks = [_monday(today) - timedelta(weeks=back) for back in range(_WEEKS)]
    counts: Counter[tuple[str, date]] = Counter()
    for one in entries:
        week = _monday(datetime.fromtimestamp(one.finished_at or 0).astimezone().date())
        kinds = {family(found.kind) for found in one.report.findings} if one.report else set()
        counts.update((kind, week) for kind in kinds)
    shown = {
        name: tr(one.title)
        for name, one in FAMILIES.items()
        if any(counts[name, week] for week in weeks)
    }
    if not shown:
        return element("p", tr("Nothing in the last weeks."))
    return joined((_drawing(shown, weeks, counts), _table(shown, weeks, counts)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _drawing(shown: dict[str, str], weeks: list[date], counts: Counter[tuple[str, date]]) -> Html:
    most = max(counts[name, week] for name in shown for week in weeks)
    pieces = []
    for column, week in enumerate(weeks):
        x = _LEFT + column * (_CELL + _GAP) + _CELL / 2
        if column % 2 == 0:
            pieces.append(element("text", f"{week:%m-%d}", x=x, y=16, text_anchor="middle"))
    for row, (name, heading) in enumerate(shown.items()):
        y = _TOP + row * (_CELL * 0.7 + _GAP)
        pieces.append(element("text", heading, x=0, y=y + 20, class_="row"))
        for column, week in enumerate(weeks):
            count = counts[name, week]
            x = _LEFT + column * (_CELL + _GAP)
            shade = -(-count * _SHADES // most)
            pieces.append(
                element(
                    "rect", class_=f"shade-{shade}", x=x, y=y, width=_CELL, height=_CELL * 0.7, rx=4
                )
            )
            if count:
                text = element(
                    "text",
                    count,
                    x=x + _CELL / 2,
                    y=y + 20,
                    text_anchor="middle",
                    class_=f"on-{shade}",
                )
                pieces.append(text)
    width = _LEFT + len(weeks) * (_CELL + _GAP)
    height = _TOP + len(shown) * (_CELL * 0.7 + _GAP)
    drawing = element(
        "svg", *pieces, viewBox=f"0 0 {width} {height:g}", class_="chart", role="img",
        aria_label=tr("Files by what they told and week; the table below has the same numbers"),
    )  # fmt: skip
    return scrolling(tr("Chart: files by what they told and week"), drawing)


def _table(shown: dict[str, str], weeks: list[date], counts: Counter[tuple[str, date]]) -> Html:
    caption = trn(
        "Files by what they told, in the last week",
        "Files by what they told, in the last {number} weeks",
        len(weeks),
    )
    head = element(
        "tr",
        element("th", tr("Week from"), scope="col"),
        *(element("th", one, scope="col") for one in shown.values()),
    )
    rows = [
        element(
            "tr",
            element("th", element("time", f"{week}", datetime=f"{week}"), scope="row"),
            *(element("td", counts[name, week], class_="number") for name in shown),
        )
        for week in weeks
    ]
    table = element(
        "table", element("caption", caption), element("thead", head), element("tbody", *rows)
    )
    return element(
        "details", element("summary", tr("The same as a table")), scrolling(caption, table)
    )
