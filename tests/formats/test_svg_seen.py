from __future__ import annotations

import pytest

from tests.builders.contract import clean, survives
from tests.builders.oracle import drawn
from tests.builders.svg import cleaned_inside, drawing
from unexposed.formats import svg


@pytest.mark.parametrize(
    "inside",
    [
        '<g display="none"><linearGradient id="i1"/></g><g fill="url(#i1)"/>',
        '<g id="i1" display="none"/><set href="#i1" attributeName="display" to="inline"/>',
        '<g display="none"><set attributeName="display" to="inline"/><text>A</text></g>',
        '<g display="none" class="c1"/><style>.c1{display:inline}</style>',
        (
            '<g display="none"><set id="i1" attributeName="x" to="1"/></g>'
            '<g><set attributeName="fill" to="red" begin="i1.end"/></g>'
        ),
        (
            '<g display="none"><path id="i1" d="M 0 0 L 9 9"/></g>'
            '<text><textPath href="#i1">A</textPath></text>'
        ),
        '<g display="none"><clipPath id="i1"><rect/></clipPath></g><g clip-path="url(#i1)"/>',
        '<view id="i1" viewBox="0 0 1 1"/><a href="#i1"><rect/></a>',
        '<g display="none" style="display:inline"/>',
        '<g display="none"><style>rect{fill:red}</style></g>',
        '<switch><g display="none"/></switch>',
        '<switch><g requiredFeatures="http://www.w3.org/TR/SVG11/feature#Shape"/><g/></switch>',
        "<defs><style>rect{fill:red}</style></defs>",
        '<linearGradient id="i1"/><linearGradient id="i2" href="#i1"/><g fill="url(#i2)"/>',
    ],
)
def test_what_the_drawing_needs_stays_though_it_is_not_displayed(inside: str) -> None:
    assert cleaned_inside(inside) == inside


HIDDEN_BY_STYLE = (
    (".s{display:none}", 'class="s"'),
    (".r{display:inline}.s{display:none}", 'class="s r"'),
    (".s{display:none}.r{display:inline}", 'class="s" style="fill:red"'),
    ("#s{display:none}.r{display:inline}", 'id="s" class="r"'),
    ("g.s{display:none}.s{display:inline}", 'class="s"'),
    ("svg > g.s{display:none}g.s{display:inline}", 'class="s"'),
    ("svg .s{display:none}", 'class="s"'),
    ("rect, g:not(.r){display:none}", 'class="s"'),
    (":root .s{display: NONE }", 'class="s"'),
    (".s{display:none}", 'class="s" display="inline"'),
    (".s{display:none!important}", 'class="s" style="display:inline"'),
    (".s{display:none ! important}.s{display:inline}", 'class="s"'),
    (".s{display:inline}", 'class="s" style="display:none"'),
    (".s{display:inherit}", 'class="s" style="display:none"'),
    (".s{display:none;display:marker}", 'class="s" style="display:none"'),
    ("@keyframes a{50%{display:none}}.s{display:none;animation:a 1s}", 'class="s"'),
    (".s:hover{display:none}", 'class="s" style="display:none"'),
)


HIDDEN_IN_BROWSERS = (
    (":is(.r, .s){display:none}", 'class="s"'),
    ("@media screen, print{.s{display:none}}", 'class="s"'),
    ("@media all{@media screen, print{.s{display:none}}}", 'class="s"'),
)
"""What rsvg-convert does not understand."""


@pytest.mark.parametrize(("sheet", "attributes"), [*HIDDEN_BY_STYLE, *HIDDEN_IN_BROWSERS])
def test_what_a_style_sheet_hides_goes(sheet: str, attributes: str) -> None:
    source = drawing(f"<style>{sheet}</style><g {attributes}><text>SECRET</text></g>")
    copy = clean(source, svg)
    assert b"SECRET" not in copy
    assert b"<g" not in copy
    if (sheet, attributes) not in HIDDEN_IN_BROWSERS:
        assert drawn(copy) == drawn(source)


@pytest.mark.parametrize(
    ("sheet", "attributes"),
    [
        (".s{display:none}.s{display:inline}", 'class="s"'),
        (".s{display:none}", 'class="s" style="display:inline"'),
        (".s{display:none}", 'class="S"'),
        ("g g{display:none}", ""),
        (".s > .s{display:none}", 'class="s"'),
        ("g:not(.s){display:none}", 'class="s"'),
        ("@media print{.s{display:none}}", 'class="s"'),
        (".s{display:none}@media print{.s{display:inline}}", 'class="s"'),
        (
            ".s{display:none}@media (prefers-color-scheme: dark){.s{display:inline}}",
            'class="s"',
        ),
        (
            "@keyframes a{50%{display:inline}}.s{display:none;animation:a 1s}",
            'class="s"',
        ),
    ],
)
def test_what_somebody_may_see_displayed_stays(sheet: str, attributes: str) -> None:
    inside = f"<style>{sheet}</style><g {attributes}><text>SEEN</text></g>"
    assert b"SEEN" in clean(drawing(inside), svg)


XLINKED = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


@pytest.mark.parametrize(
    "inside",
    [
        "<rect><text>SECRET</text></rect>",
        '<path d="M0 0"><g><text>SECRET</text></g></path>',
        '<g style="display:none!important"><text>SECRET</text></g>',
        '<g display="none"><text>SECRET</text><style>rect{fill:red}</style></g>',
        '<symbol id="s"><g display="none"><text>SECRET</text></g></symbol><use href="#s"/>',
        "<symbol><text>SECRET</text><style>rect{fill:red}</style></symbol>",
        '<text id="s" display="none">SECRET</text><use href="#s"/>',
        '<text id="s" display="none">SECRET</text><a href="#s"><rect/></a>',
        '<text id="s" display="none">SECRET</text><style>#s{fill:red}</style>',
        '<text id="s" display="none">SECRET</text><set href="#s" attributeName="x" to="1"/>',
        '<g display="none"><text>SECRET</text><linearGradient id="g"/></g><rect fill="url(#g)"/>',
        '<defs><text id="s">SECRET</text></defs><rect fill="url(#s)"/>',
        '<defs><text id="s">SECRET</text></defs><style>.none{fill:url(#s)}</style>',
        '<pattern id="p"><text>SECRET</text></pattern><style>circle{fill:url(#p)}</style>',
        '<linearGradient id="g"><text>SECRET</text></linearGradient><rect fill="url(#g)"/>',
        (
            '<linearGradient id="g"><stop><text>SECRET</text></stop></linearGradient>'
            '<rect fill="url(#g)"/>'
        ),
        '<filter id="f"><feFlood><text>SECRET</text></feFlood></filter><rect filter="url(#f)"/>',
        '<filter id="f"><text>SECRET</text></filter><rect filter="url(#f)"/>',
        '<clipPath id="c"><rect/><g><text>SECRET</text></g></clipPath><g clip-path="url(#c)"/>',
        '<mask id="m"><tspan>SECRET</tspan><rect/></mask><g mask="url(#m)"/>',
        '<marker id="m"><symbol><text>SECRET</text></symbol></marker><g marker="url(#m)"/>',
        (
            '<pattern id="p" href="#q"><rect/></pattern><pattern id="q"><text>SECRET</text></pattern>'
            '<rect fill="url(#p)"/>'
        ),
        "<g><tspan>SECRET</tspan></g>",
        "<text>A<text>SECRET</text></text>",
        "<text>A<g>SECRET</g><switch>SECRET</switch></text>",
        '<set attributeName="x" to="1"><text>SECRET</text></set>',
        "<switch><g/><text>SECRET</text></switch>",
        '<switch><g systemLanguage="de"/><g/><text>SECRET</text></switch>',
        '<switch><g display="none"/><text>SECRET</text></switch>',
        '<text systemLanguage="">SECRET</text>',
        '<g display="none"><foreignObject>SECRET</foreignObject></g>',
        f'<use {XLINKED} href="#none" xlink:href="#s"/><defs><text id="s">SECRET</text></defs>',
        f'<image {XLINKED} href="#none" xlink:href="data:image/png;base64,SECRET"/>',
        f'<image {XLINKED} href="" xlink:href="data:image/png;base64,SECRET"/>',
        (
            f'<linearGradient id="g" {XLINKED} href="#none" xlink:href="#SECRET"/>'
            '<linearGradient id="SECRET"/><rect fill="url(#g)"/>'
        ),
    ],
)
def test_what_nothing_draws_goes(inside: str) -> None:
    source = drawing(inside)
    copy = clean(source, svg)
    assert b"SECRET" not in copy
    assert drawn(copy) == drawn(source)


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        (
            '<rect style="animation: rotate 2s linear"/><style>@keyframes rotate{to{x:1px}}</style>',
            '<rect style="animation:k1 2s linear"/><style>@keyframes k1{\nto{x:1px}\n}</style>',
        ),
        ('<rect style="animation-name:spin"/>', '<rect style="animation-name:k0"/>'),
        (
            "<style>:root{--Anna:red;--b:url(#i)}rect{fill:var(--Anna, blue)}</style>",
            "<style>:root{--v1:red}\nrect{fill:var(--v1, blue)}</style>",
        ),
        (
            "<style>rect{--a:var(--b);--b:red;fill:red}.none{fill:var(--a)}</style>",
            "<style>rect{fill:red}</style>",
        ),
        ('<rect style="--a:1;opacity:var(--a)"/>', '<rect style="--v1:1;opacity:var(--v1)"/>'),
        (
            '<rect style="fill:light-dark(#fff, red)"/>',
            '<rect style="fill:light-dark(#fff, red)"/>',
        ),
        (
            "<style>@supports (-moz-appearance:auto){rect{fill:red}}</style>",
            "<style>@supports (-moz-appearance:auto){\nrect{fill:red}\n}</style>",
        ),
        (
            '<g requiredExtensions="http://www.w3.org/1999/xhtml"/>',
            '<g requiredExtensions="http://www.w3.org/1999/xhtml"/>',
        ),
    ],
)
def test_styles_of_today_are_understood(source: str, copy: str) -> None:
    assert cleaned_inside(source) == copy


def test_a_reference_to_what_is_never_drawn_may_lead_round_in_circles() -> None:
    chain = "".join(
        f'<pattern id="p{number}" href="#p{(number + 1) % 500}"><rect/></pattern>'
        f'<symbol id="s{number}"><use href="#s{(number + 1) % 500}"/></symbol>'
        for number in range(500)
    )
    assert survives(drawing(f'{chain}<use href="#s0"/><g fill="url(#p0)"/>'), svg)
