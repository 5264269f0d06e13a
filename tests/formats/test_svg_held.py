from __future__ import annotations

import base64

import pytest

from tests.builders.svg import CANARY, NAMESPACE, drawing
from unexposed.errors import Malformed
from unexposed.formats import svg


def bomb() -> bytes:
    entities = "".join(
        f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 10)
    )
    return (
        f'<!DOCTYPE svg [<!ENTITY e0 "ha">{entities}]><svg xmlns="{NAMESPACE}">&e9;</svg>'.encode()
    )


def nested(depth: int) -> bytes:
    source = drawing()
    for _ in range(depth):
        address = base64.b64encode(source).decode()
        source = drawing(f'<image href="data:image/svg+xml;base64,{address}"/>')
    return source


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"", "no element found"),
        (drawing()[:-9], "not well-formed XML"),
        (drawing("<g>"), "mismatched tag"),
        (drawing("<x:g/>"), "does not declare"),
        (drawing(after="<svg/>"), "not well-formed XML"),
        (b"<html><svg/></html>", "no drawing"),
        (b"<svg/>", "no drawing"),
        (drawing(before='<?xml version="1.0" encoding="ISO-8859-1"?>') + b"<!--\xe4-->", "UTF-8"),
        (bomb(), "more than name texts"),
        (drawing(before='<!DOCTYPE svg [<!ENTITY a SYSTEM "/etc/passwd">]>'), "more than name"),
        (drawing(before="<!DOCTYPE svg [<!ATTLIST g id ID #IMPLIED>]>"), "more than name"),
        (drawing(before='<!DOCTYPE svg SYSTEM "a">', inside="<g>&b;</g>"), "from elsewhere"),
        (
            drawing(before='<!DOCTYPE svg [<!ENTITY a "1">]>', inside="<text>&a;</text>"),
            "its document type tells",
        ),
        (
            drawing(before='<!DOCTYPE svg [<!ENTITY a "1">]>', inside='<g x="&a;"/>' * 1001),
            "too often",
        ),
        (
            drawing(
                before="<!DOCTYPE svg ["
                + "".join(f'<!ENTITY a{number} "1">' for number in range(1001))
                + "]>"
            ),
            "too many entities",
        ),
        (drawing("<g>" * 300 + "</g>" * 300), "elements deep"),
        (drawing(f'<anna:g xmlns:anna="{NAMESPACE}"/>'), "name of its own"),
        (drawing("<foreignObject><p/></foreignObject>"), "holds HTML"),
        (drawing("<font><glyph/></font>"), "holds a font"),
        (drawing("<switch><unknown/><g/></switch>"), "chooses between"),
        (drawing('<metadata><g id="a"/></metadata><use href="#a"/>'), "does not belong to it"),
        (drawing(f'<x xmlns="b"><style xmlns="{NAMESPACE}"/></x>'), "does not belong to it"),
        (drawing('<style type="text/x">g{}</style>'), "another language"),
        (drawing(f'<circle r="3" fill="{CANARY}"/>'), "no specification accounts for"),
        (drawing(f'<path d="M 1 2 {CANARY}"/>'), "no specification accounts for"),
        (drawing('<path d="c a t"/>'), "holds 'c a t'"),
        (drawing('<circle style="fill:anna"/>'), "holds 'anna'"),
        (drawing('<circle style="fill:(red"/>'), "brackets that do not match"),
        (drawing("<circle style='fill:\"red\"'/>"), "no specification accounts for"),
        (drawing('<circle style="fill:r\\65 d"/>'), "cannot be read"),
        (drawing("<style>g[id]{fill:red}</style>"), r"holds '\['"),
        (drawing("<style>g:first-child{fill:red}</style>"), "holds 'first-child'"),
        (drawing("<style>g+g{fill:red}</style>"), r"holds '\+'"),
        (drawing("<style>@layer a{g{fill:red}}</style>"), "the rule .@layer."),
        (drawing("<style>g{fill:red;.a{display:none}}</style>"), "inside one another"),
        (drawing("<style>g{all:unset}</style>"), "holds 'all'"),
        (drawing('<style title="a"/><style title="b">g{fill:red}</style>'), "choice of style"),
        (drawing("<style>@keyframes ease{to{fill:red}}</style>"), "an animation 'ease'"),
        (
            drawing('<style>@namespace "http://www.w3.org/1999/xlink";g{fill:red}</style>'),
            "for other elements",
        ),
        (
            drawing('<x:style xmlns:x="http://www.w3.org/1999/xhtml">g{fill:red}</x:style>'),
            "does not belong to it",
        ),
        (drawing(attributes=' display="none"'), "shows nothing"),
        (
            drawing(
                "<switch><foreignObject/><text>A</text></switch>",
            ),
            "labels converted to SVG",
        ),
        (drawing("<style>g{fill:red</style>"), "do not match|cut short"),
        (drawing("<style>g{fill:red}}</style>"), "do not match"),
        (
            drawing("<style>@font-face{src:url(data:font/woff2;base64,AAAA)}</style>"),
            "embeds a font",
        ),
        (
            drawing('<g requiredFeatures="http://www.w3.org/TR/SVG11/feature#Anna"/>'),
            "feature#Anna",
        ),
        (drawing('<set attributeName="href" to="x"/>'), "holds 'href'"),
        (drawing('<set attributeName="x" begin="anna(1)"/>'), "no specification accounts for"),
        (drawing('<image href="data:text/html,x"/>'), "not said to be a picture"),
        (drawing('<image href="data:image/png;base64,x"/>'), "cannot be read"),
        (drawing('<image href="data:image/png"/>'), "cannot be read"),
        (drawing('<image href="data:image/png,hello"/>'), "cannot be cleaned"),
        (drawing('<image href="data:image/gif,GIF89a"/>'), "embeds a picture that"),
        (nested(2), "inside one another"),
    ],
)
def test_what_cannot_be_accounted_for_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        svg.dissect(source)


@pytest.mark.parametrize(
    "inside",
    [
        "<style>text+text{display:none}</style><text>SECRET</text>",
        "<style>text,:unheard-of{display:none}</style><text>SECRET</text>",
        "<style>.c1:hover{display:inline}.c1{display:none}</style><text class='c1'>SECRET</text>",
        "<style>@media (width:9px){text{display:none}}</style><text>SECRET</text>",
        "<style>@supports (fill:red){text{display:none}}</style><text>SECRET</text>",
        '<style media="not all">text{display:none}</style><text>SECRET</text>',
        '<text style="display:var(--a)">SECRET</text>',
        '<text display="none !important">SECRET</text>',
        '<text display="none">SECRET<style>rect{fill:red}</style></text>',
        (
            '<text display="none">SECRET<set id="a" attributeName="x" to="1"/></text>'
            '<set attributeName="y" to="1" begin="a.end"/>'
        ),
    ],
)
def test_what_may_be_hidden_and_cannot_be_taken_out_is_held_back(inside: str) -> None:
    with pytest.raises(Malformed, match=r"hides a part|displays a part"):
        svg.dissect(drawing(inside))


@pytest.mark.parametrize("text", ["fill:/* /* " * 20_000, "fill:red" + "/*" * 50_000])
def test_a_comment_without_an_end_is_held_back_at_once(text: str) -> None:
    with pytest.raises(Malformed, match="cannot be read"):
        svg.dissect(drawing(f'<g style="{text}"/>'))


def test_many_rules_for_many_elements_are_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unexposed.formats.svg._selectors.MAX_STEPS", 100)
    with pytest.raises(Malformed, match="too many style rules"):
        svg.dissect(drawing("<style>* g{display:inline}</style>" + "<g/>" * 100))


def test_a_drawing_that_is_too_long_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unexposed.formats.svg._xml.MAX_TOKENS", 10)
    with pytest.raises(Malformed, match="more than 10 tokens"):
        svg.dissect(drawing("<g/>" * 10))
    monkeypatch.setattr("unexposed.formats.svg._copy.MAX_SIZE", 1 << 20)
    with pytest.raises(Malformed, match="more than 1 MiB"):
        svg.dissect(drawing(" " * (1 << 20)))
