from __future__ import annotations

import base64
import io
import mmap
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.builders import svg as files
from tests.builders import webp
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.oracle import program, told
from tests.builders.plans import cleaned
from tests.builders.svg import CANARY, NAMESPACE, SHAPES, compressed, drawing
from unexposed.errors import Malformed
from unexposed.formats import HEAD, Role, format_named, sniff, svg, svgz
from unexposed.metadata import read

Builder = Callable[[], bytes]

SECRET = CANARY[:-1].encode()


def shown(data: bytes) -> bytes:
    """The pixels that rsvg-convert makes of a drawing."""
    run = subprocess.run(
        [program("rsvg-convert"), "--zoom", "4"], input=data, capture_output=True, check=True
    )
    with Image.open(io.BytesIO(run.stdout)) as image:
        return image.convert("RGBA").tobytes()


def told_of(data: bytes) -> list[tuple[str, str, str]]:
    found = (one for block in svg.blocks(data, svg.dissect(data)) for one in read(block))
    return [(one.kind, one.where, one.value) for one in found]


def embedded(data: bytes) -> bytes:
    """The picture in a drawing."""
    (address,) = re.findall(rb"data:image/[a-z+]+;base64,([A-Za-z0-9+/=]+)", data)
    return base64.b64decode(address)


def cleaned_inside(inside: str) -> str:
    """What becomes of the inside of a drawing."""
    copy = clean(drawing(inside), svg).decode()
    return copy.partition(SHAPES)[2].removesuffix("</svg>\n").strip()


@pytest.mark.parametrize("build", files.CLEAN_PICTURES)
def test_a_drawing_without_anything_to_hide_is_copied_byte_for_byte(build: Builder) -> None:
    assert clean(build(), svg) == build()


@pytest.mark.parametrize("build", [*files.HIDING_PLACES, *files.SMALL_PLACES])
def test_what_is_hidden_does_not_survive(build: Builder) -> None:
    source = build()
    assert SECRET in source
    assert SECRET not in clean(source, svg)


@pytest.mark.parametrize("build", files.EMBEDDED)
def test_what_is_hidden_in_an_embedded_picture_does_not_survive(build: Builder) -> None:
    source = build()
    assert any(SECRET in block.payload for block in svg.blocks(source, svg.dissect(source)))
    assert SECRET not in embedded(clean(source, svg))


@pytest.mark.parametrize(
    "build",
    [*files.CLEAN_PICTURES, *files.HIDING_PLACES, *files.SMALL_PLACES, *files.EMBEDDED],
)
def test_a_drawing_looks_the_same_afterwards(build: Builder) -> None:
    assert shown(clean(build(), svg)) == shown(build())


@pytest.mark.parametrize("build", files.HIDING_PLACES)
def test_what_is_hidden_is_handed_to_the_readers(build: Builder) -> None:
    source = build()
    found = svg.blocks(source, svg.dissect(source))
    assert any(SECRET in block.payload for block in found)
    assert all(read(block) for block in found if SECRET in block.payload)


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (files.comment, "hidden.comment"),
        (files.metadata, "person.author"),
        (files.xmp_packet, "person.author"),
        (files.title, "person.caption"),
        (files.label_for_screen_readers, "person.caption"),
        (files.script, "hidden.script"),
        (files.event_handler, "hidden.script"),
        (files.script_in_a_link, "hidden.script"),
        (files.editors_attribute, "history.edits"),
        (files.document_of_an_editor, "history.edits"),
        (files.editors_path, "location.file_path"),
        (files.picture_from_a_folder, "location.file_path"),
        (files.picture_from_elsewhere, "hidden.remote"),
        (files.imported_style_sheet, "hidden.remote"),
        (files.link, "hidden.remote"),
        (files.hidden_layer, "hidden.unseen"),
        (files.unknown_element, "hidden.unknown"),
        (files.unknown_attribute, "hidden.metadata"),
    ],
)
def test_findings_say_what_was_found(build: Builder, kind: str) -> None:
    ((found, where, value),) = [one for one in told_of(build()) if CANARY in one[2]]
    assert found == kind
    assert where
    assert value


def test_an_embedded_picture_tells_where_its_metadata_stood() -> None:
    assert ("device.model", "embedded JPEG: EXIF", CANARY) in told_of(files.embedded_jpeg())
    assert ("hidden.comment", "embedded SVG: SVG comment", CANARY) in told_of(
        files.embedded_drawing()
    )


def test_what_editors_call_things_by_themselves_is_no_finding() -> None:
    assert told_of(drawing('<circle id="path1234"/><g id="SVGID_1_"/><g id="Layer_1"/>')) == []
    assert told_of(drawing('<g id="Annas_house"/>')) == [
        ("hidden.metadata", "SVG names", "Annas_house")
    ]


def test_an_embedded_picture_is_cleaned_as_its_own_format() -> None:
    copy = clean(files.embedded_webp(), svg)
    assert embedded(copy) == cleaned(webp.xmp_chunk(), format_named("webp"))
    assert embedded(clean(files.embedded_drawing(), svg)) == drawing()


def test_what_a_viewer_takes_an_embedded_picture_for_stays() -> None:
    copy = clean(files.embedded_picture_with_a_wrong_type(), svg)
    assert b"data:image/png;base64," in copy
    assert SECRET not in embedded(copy)


def test_a_drawing_embedded_as_text_is_embedded_as_base64() -> None:
    copy = embedded(clean(files.embedded_drawing_as_text(), svg))
    assert copy == drawing().replace(b'"', b"'").rstrip()


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        ("<circle  r = '3'\n\tcx=\"4\" />", "<circle r='3' cx=\"4\"/>"),
        ("<g ><circle/></g >", "<g><circle/></g>"),
        ("<g>  \t \n\n <circle/>\t</g>", "<g>\n<circle/>\n</g>"),
        ("<g><!-- --> <title/>\n<desc/> </g>", "<g>\n</g>"),
        ('<circle style=" fill : red ;; "/>', '<circle style="fill:red"/>'),
        ('<circle style=""/>', "<circle/>"),
        ("<circle style='font-family:\"A B\"'/>", "<circle style='font-family:\"A B\"'/>"),
        ('<circle fill="&#x72;ed" r="&#51;"/>', '<circle fill="red" r="&#51;"/>'),
        ('<circle fill="&#9;red"/>', '<circle fill="&#9;red"/>'),
        ('<g><set attributeName="fill" to=""/></g>', '<g><set attributeName="fill" to=""/></g>'),
        ("<style>/**/</style>", "<style></style>"),
        ("<style>circle  >  g , path{}g{fill:red;}</style>", "<style>g{fill:red}</style>"),
        (
            "<style>@media screen and (min-width:9px){g{fill:red}}</style>",
            "<style>@media screen and (min-width:9px){\ng{fill:red}\n}</style>",
        ),
    ],
)
def test_markup_is_brought_to_one_form(source: str, copy: str) -> None:
    assert cleaned_inside(source) == copy


def test_names_are_numbered_in_the_order_in_which_they_appear() -> None:
    copy = cleaned_inside(
        '<use href="#b"/><g id="none"/><path id="a"/><rect id="b"/>'
        '<g fill="url(#a)" stroke="url(#b)" class="y x"/>'
        "<style>.x{fill:red}.y{fill:url(#a)}</style>"
    )
    assert copy == (
        '<use href="#i2"/><g/><path id="i1"/><rect id="i2"/>'
        '<g fill="url(#i1)" stroke="url(#i2)" class="c1 c2"/>'
        "<style>.c2{fill:red}\n.c1{fill:url(#i1)}</style>"
    )


def test_a_name_that_two_elements_have_stays_with_both() -> None:
    copy = cleaned_inside('<defs><g id="a"/><rect id="a"/></defs><use href="#a"/>')
    assert copy == '<defs><g id="i1"/><rect id="i1"/></defs><use href="#i1"/>'


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


def test_very_many_comments_are_told_together() -> None:
    found = told_of(drawing("".join(f"<!-- {number} -->" for number in range(1000))))
    assert len(found) == 401
    assert found[-1][:2] == ("hidden.comment", "SVG comments")
    assert found[-1][2].startswith("400 401 ")


def test_an_entity_of_the_documents_own_is_written_out() -> None:
    assert clean(files.document_type_with_entities(), svg) == drawing()


def test_spans_that_go_are_told_by_what_they_are() -> None:
    source = files.comment_inside_a_text()
    gone = [part for part in svg.dissect(source) if part.role is Role.METADATA]
    assert [source[part.start : part.end] for part in gone] == [f"<!-- {CANARY} -->".encode()]
    assert [part.name for part in gone] == ["comment"]


def test_text_and_long_numbers_are_the_picture() -> None:
    source = files.with_text()
    picture = [source[p.start : p.end] for p in svg.dissect(source) if p.role is Role.PICTURE]
    assert picture == [
        b"M 4,24 C 8,14 16,34 24,22 L 36,28 Z",
        "Wörter ".encode(),
        b"&amp;  mehr",
    ]


def test_a_mapped_file_is_read_as_bytes_are(tmp_path: Path) -> None:
    path = tmp_path / "drawing.svg"
    path.write_bytes(files.comment())
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert clean(mapped, svg) == files.plain()


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
        assert shown(copy) == shown(source)


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
    assert shown(copy) == shown(source)


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


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\ufeff",
        "\n \t",
        '<?xml version="1.0" standalone="no"?>\n<!-- a <svg> b -->\n<?a b?>',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "a">',
        "<!--" + "x" * 3000 + "-->",
    ],
)
def test_it_is_found_by_its_root_element(before: str) -> None:
    assert sniff(drawing(before=before)[:HEAD]) is svg


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"<!DOCTYPE html><html><svg/></html>",
        b"<html><svg xmlns='http://www.w3.org/2000/svg'/></html>",
        b"<svgs/>",
        b"<!-- <svg> -->",
        b"<?xml version='1.0'?><rss/>",
        b"text <svg/>",
    ],
)
def test_other_documents_are_not_taken_for_a_drawing(other: bytes) -> None:
    assert not svg.sniff(other)


SAMPLES = [build() for build in (*files.CLEAN_PICTURES, *files.HIDING_PLACES, *files.SMALL_PLACES)]


@settings(max_examples=200, deadline=None)
@given(broken(SAMPLES, drawing()[:-8]))
def test_whatever_arrives_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, svg)


WORDS = """
    g{ } ; : , . # > ( ) url( 'a' "b" /* */ red #fff 1px @media @keyframes @import .c #i fill
    display none from to -- ! important \\ [ ] svg rect
"""


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=12), st.sampled_from(["", " "]))
def test_any_style_is_cleaned_for_good_or_held_back(words: list[str], between: str) -> None:
    text = between.join(words)
    survives(drawing(f"<style>{text}</style><g id='i' class='c'/>"), svg)
    escaped = text.replace('"', "&quot;")
    survives(drawing(f'<g style="{escaped}" fill="{escaped}" begin="{escaped}"/>'), svg)


NAMES = """
    g svg a switch text tspan textPath rect use image symbol defs linearGradient pattern stop
    clipPath mask filter feImage set view title
"""
SAYING = (
    'id="a"', 'id="b"', 'class="a"', 'href="#a"', 'href="#b"', 'fill="url(#a)"', 'fill="url(#b)"',
    'display="none"', 'style="display:none"', 'style="--a:red;fill:var(--a)"', 'begin="a.end"',
    'attributeName="display" to="inline"', 'systemLanguage="de"',
)  # fmt: skip
SHEETS = (
    ".a{display:none}",
    "g .a{display:inline}",
    "#a{fill:url(#b)}",
    "@media print{.a{display:none}}",
    "rect{fill:var(--a)}",
)


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, said, inside: f"<{name} {' '.join(said)}>{''.join(inside)}</{name}>",
        st.sampled_from(NAMES.split()),
        st.lists(st.sampled_from(SAYING), max_size=3, unique_by=lambda one: one.partition("=")[0]),
        st.lists(children, max_size=3),
    )


@settings(max_examples=100, deadline=None)
@given(st.recursive(st.just("text"), element, max_leaves=12), st.sets(st.sampled_from(SHEETS)))
def test_any_nesting_is_cleaned_for_good_or_held_back(inside: str, sheets: set[str]) -> None:
    survives(drawing(f"<style>{''.join(sorted(sheets))}</style>{inside}"), svg)


def test_a_reference_to_what_is_never_drawn_may_lead_round_in_circles() -> None:
    chain = "".join(
        f'<pattern id="p{number}" href="#p{(number + 1) % 500}"><rect/></pattern>'
        f'<symbol id="s{number}"><use href="#s{(number + 1) % 500}"/></symbol>'
        for number in range(500)
    )
    assert survives(drawing(f'{chain}<use href="#s0"/><g fill="url(#p0)"/>'), svg)


def test_exiftool_finds_nothing_but_structure_in_the_copies(tmp_path: Path) -> None:
    copies = [clean(build(), svg) for build in (*files.HIDING_PLACES, *files.SMALL_PLACES)]
    tags = {tag.partition(":")[2] for tag in told(copies, tmp_path)}
    assert tags <= {"Xmlns", "ImageWidth", "ImageHeight", "ViewBox"}


@pytest.mark.parametrize("path", real_files(".svg"))
def test_real_files_are_cleaned_and_look_the_same(path: Path) -> None:
    source = path.read_bytes()
    assert shown(clean(source, svg)) == shown(source)


@pytest.mark.parametrize("build", [*files.CLEAN_PICTURES, files.comment])
def test_a_compressed_drawing_is_cleaned_inside(build: Builder) -> None:
    source = compressed(build(), name="/home/anna/house.svg")
    copy = clean(source, svgz)
    assert shown(copy) == shown(build())
    assert clean(copy, svgz) == copy


def test_a_compressed_drawing_tells_what_is_in_it_and_around_it() -> None:
    source = compressed(files.comment(), name="house.svg") + b"behind"
    blocks = svgz.blocks(source, svgz.dissect(source))
    found = [(one.kind, one.value) for block in blocks for one in read(block)]
    assert found == [
        ("hidden.comment", CANARY),
        ("history.documents", "house.svg"),
        ("time.edited", "2025-04-01 18:22:05+00:00"),
        ("hidden.trailer", "6 bytes"),
    ]
    copy = clean(source, svgz)
    assert svgz.blocks(copy, svgz.dissect(copy)) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (compressed(drawing())[:-1], "cut short"),
        (compressed(drawing())[:-6] + b"wrong!", "damaged"),
        (compressed(drawing("<g>")), "drawing in it is not well-formed"),
    ],
)
def test_a_broken_compressed_drawing_is_held_back(source: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        svgz.dissect(source)


def test_a_compressed_drawing_is_told_from_other_archives() -> None:
    assert sniff(compressed(drawing())[:HEAD]) is svgz
    assert not svgz.sniff(compressed(b"<html/>"))
    assert not svgz.sniff(b"\x1f\x8b\x08")
    assert not svgz.sniff(b"\x1f\x8b\x08" + bytes(60))


@settings(max_examples=60, deadline=None)
@given(broken([compressed(files.comment()), compressed(files.plain(), "a")], b"\x1f\x8b\x08\0"))
def test_any_compressed_drawing_is_cleaned_for_good_or_held_back(data: bytes) -> None:
    survives(data, svgz)
