from __future__ import annotations

import base64
import mmap
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import svg as files
from tests.builders import webp
from tests.builders.contract import clean, survives
from tests.builders.corpus import real_files
from tests.builders.damage import broken
from tests.builders.oracle import drawn, told
from tests.builders.plans import cleaned
from tests.builders.svg import CANARY, cleaned_inside, drawing
from unexposed.formats import HEAD, Role, format_named, sniff, svg
from unexposed.metadata import read

Builder = Callable[[], bytes]

SECRET = CANARY[:-1].encode()


def told_of(data: bytes) -> list[tuple[str, str, str]]:
    found = (one for block in svg.blocks(data, svg.dissect(data)) for one in read(block))
    return [(one.kind, one.where, one.value) for one in found]


def embedded(data: bytes) -> bytes:
    """The picture in a drawing."""
    (address,) = re.findall(rb"data:image/[a-z+]+;base64,([A-Za-z0-9+/=]+)", data)
    return base64.b64decode(address)


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
    assert drawn(clean(build(), svg)) == drawn(build())


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


def test_exiftool_finds_nothing_but_structure_in_the_copies(tmp_path: Path) -> None:
    copies = [clean(build(), svg) for build in (*files.HIDING_PLACES, *files.SMALL_PLACES)]
    tags = {tag.partition(":")[2] for tag in told(copies, tmp_path)}
    assert tags <= {"Xmlns", "ImageWidth", "ImageHeight", "ViewBox"}


@pytest.mark.parametrize("path", real_files(".svg"))
def test_real_files_are_cleaned_and_look_the_same(path: Path) -> None:
    source = path.read_bytes()
    assert drawn(clean(source, svg)) == drawn(source)
