"""Drawings, each with a secret in one hiding place."""

from __future__ import annotations

import base64
import gzip
import io
from collections.abc import Callable

from PIL import Image

from tests.builders import webp
from tests.builders.contract import clean
from tests.builders.webp import CANARY as SECRET_BYTES
from tests.builders.webp import private_tiff
from unexposed.formats import svg

CANARY = SECRET_BYTES.decode()
NAMESPACE = "http://www.w3.org/2000/svg"
INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"

SHAPES = (
    '<rect x="2" y="3" width="20" height="12" fill="#2a6" stroke="navy" stroke-width="1.5"/>\n'
    '<path d="M 4,24 C 8,14 16,34 24,22 L 36,28 Z" transform="rotate(-3)"/>\n'
)


def drawing(inside: str = "", *, attributes: str = "", before: str = "", after: str = "") -> bytes:
    """A drawing with this before, in, and behind its root element."""
    return (
        f'{before}<svg xmlns="{NAMESPACE}" width="40" height="30" viewBox="0 0 40 30"'
        f"{attributes}>\n{SHAPES}{inside}</svg>\n{after}"
    ).encode()


def plain() -> bytes:
    return drawing()


def with_declaration() -> bytes:
    return drawing(before='<?xml version="1.0" encoding="UTF-8"?>\n')


def with_text() -> bytes:
    return drawing(
        '<text x="2" y="20" font-size="4">Wörter <tspan dx="1">&amp;  mehr</tspan></text>\n'
    )


def with_styles() -> bytes:
    return drawing("<style>.c1{fill:red}\n#i2>circle{stroke:url(#i1)}</style>\n" + _STYLED)


_STYLED = (
    '<linearGradient id="i1"><stop offset="0" stop-color="gold"/></linearGradient>\n'
    '<g class="c1" id="i2"><circle cx="30" cy="10" r="5"/></g>\n'
)


def with_references() -> bytes:
    return drawing(
        '<defs><filter id="i1"><feGaussianBlur stdDeviation="1" result="r1"/>'
        '<feOffset in="r1" dx="1"/></filter></defs>\n'
        '<g id="i2" filter="url(#i1)"><circle cx="30" cy="10" r="5"/></g>\n'
        '<use href="#i2" y="10"/>\n'
    )


def with_animation() -> bytes:
    return drawing(
        '<circle id="i1" r="3">'
        '<animate id="i2" attributeName="cx" from="0" to="40" dur="2s" begin="0s;i2.end+1s"/>'
        "</circle>\n"
        '<set href="#i1" attributeName="fill" to="blue" begin="i1.click"/>\n'
    )


def with_embedded_picture() -> bytes:
    return drawing(_image(webp.lossless(), "webp"))


def with_prefix() -> bytes:
    return (
        drawing()
        .replace(b"<", b"<svg:")
        .replace(b"<svg:/", b"</svg:")
        .replace(b"xmlns=", b"xmlns:svg=")
    )


CLEAN_PICTURES: tuple[Callable[[], bytes], ...] = (
    plain,
    with_declaration,
    with_text,
    with_styles,
    with_references,
    with_animation,
    with_embedded_picture,
    with_prefix,
)


def _image(data: bytes, kind: str, media: str = "") -> str:
    address = f"data:image/{media or kind};base64,{base64.b64encode(data).decode()}"
    return f'<image x="25" y="2" width="12" height="9" href="{address}"/>\n'


def comment() -> bytes:
    return drawing(f"<!-- {CANARY} -->\n")


def comment_before_the_root() -> bytes:
    return drawing(before=f"<!-- {CANARY} -->")


def comment_behind_the_root() -> bytes:
    return drawing(after=f"<!-- {CANARY} -->")


def comment_inside_a_text() -> bytes:
    return drawing(f'<text x="2" y="20" font-size="4">A<!-- {CANARY} -->B</text>\n')


def comment_inside_a_style_sheet() -> bytes:
    return drawing(f"<style><!-- {CANARY} -->rect{{fill:red}}</style>\n")


def instruction() -> bytes:
    return drawing(f"<?editor {CANARY}?>\n")


def instruction_for_a_style_sheet() -> bytes:
    return drawing(before=f'<?xml-stylesheet href="http://example.org/{CANARY}.css"?>')


def document_type() -> bytes:
    return drawing(before=f'<!DOCTYPE svg SYSTEM "http://example.org/{CANARY}.dtd">\n')


def document_type_with_entities() -> bytes:
    before = f'<!DOCTYPE svg [<!ENTITY ns "{NAMESPACE}"><!-- {CANARY} -->]>\n'
    return drawing(before=before).replace(f'"{NAMESPACE}" w'.encode(), b'"&ns;" w')


def metadata() -> bytes:
    return drawing(
        '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:cc="http://creativecommons.org/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<cc:Work><dc:creator><cc:Agent><dc:title>{CANARY}</dc:title></cc:Agent></dc:creator>"
        "</cc:Work></rdf:RDF></metadata>\n"
    )


def xmp_packet() -> bytes:
    return drawing(
        '<metadata><?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator><rdf:Seq><rdf:li>{CANARY}</rdf:li></rdf:Seq></dc:creator>"
        "</rdf:Description></rdf:RDF></x:xmpmeta></metadata>\n"
    )


def title() -> bytes:
    return drawing(f"<title>{CANARY}</title>\n")


def description_of_a_shape() -> bytes:
    return drawing(f'<circle r="3"><desc>{CANARY}</desc></circle>\n')


def script() -> bytes:
    return drawing(f"<script>alert('{CANARY}')</script>\n")


def event_handler() -> bytes:
    return drawing(attributes=f''' onload="alert('{CANARY}')"''')


def script_in_a_link() -> bytes:
    return drawing(f'<a href="JavaScript:{CANARY}"><circle r="3"/></a>\n')


def editors_attribute() -> bytes:
    return drawing(
        f'<g inkscape:label="{CANARY}"><circle r="3"/></g>\n',
        attributes=f' xmlns:inkscape="{INKSCAPE}"',
    )


def editors_path() -> bytes:
    return drawing(
        attributes=f' xmlns:inkscape="{INKSCAPE}" inkscape:export-filename="/home/{CANARY}/a.png"'
    )


def editors_element() -> bytes:
    return drawing(
        f'<i:pgf xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/">{CANARY}</i:pgf>\n'
    )


def namespace_of_others() -> bytes:
    return drawing(f'<g xmlns:mine="{CANARY}"><circle r="3"/></g>\n')


def data_attribute() -> bytes:
    return drawing(f'<circle r="3" data-name="{CANARY}"/>\n')


def label_for_screen_readers() -> bytes:
    return drawing(attributes=f' aria-label="{CANARY}"')


def document_of_an_editor() -> bytes:
    """draw.io keeps the whole diagram, all pages of it, in an attribute."""
    return drawing(attributes=f' content="&lt;mxfile&gt;{CANARY}&lt;/mxfile&gt;"')


def unknown_attribute() -> bytes:
    return drawing(f'<circle r="3" note="{CANARY}"/>\n')


def unknown_element() -> bytes:
    return drawing(f"<flowRoot><flowPara>{CANARY}</flowPara></flowRoot>\n")


def title_of_a_link() -> bytes:
    return drawing(
        f'<a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:title="{CANARY}"><circle r="3"/></a>\n'
    )


def name_that_nothing_refers_to() -> bytes:
    return drawing(f'<circle r="3" id="{CANARY}"/>\n')


def name_that_something_refers_to() -> bytes:
    return drawing(f'<circle r="3" id="{CANARY}"/>\n<use href="#{CANARY}" x="9"/>\n')


def name_of_a_gradient() -> bytes:
    return drawing(
        f'<linearGradient id="{CANARY}"><stop offset="0" stop-color="red"/></linearGradient>'
        f"""<circle r="5" fill="url( '#{CANARY}' ) blue"/>\n"""
    )


def name_that_nothing_has() -> bytes:
    return drawing(f'<circle r="5" fill="url(#{CANARY}) blue"/>\n')


def name_that_starts_an_animation() -> bytes:
    return drawing(
        f'<circle r="5" id="{CANARY[:-1]}"><set attributeName="r" to="6"'
        f' begin="{CANARY[:-1]}.click + 1s"/></circle>\n'
    )


def name_in_a_filter() -> bytes:
    return drawing(
        f'<filter id="f"><feOffset dx="2" result="{CANARY}"/><feBlend in="{CANARY}"'
        ' in2="SourceGraphic"/></filter><circle r="5" filter="url(#f)"/>\n'
    )


def class_that_no_style_sheet_knows() -> bytes:
    return drawing(f'<circle r="3" class="{CANARY}"/>\n')


def class_of_a_style_sheet() -> bytes:
    name = CANARY[:-1]
    return drawing(
        f'<style>g.{name} {{ fill: teal }}</style><g class="{name}"><circle r="9"/></g>\n'
    )


def rule_that_selects_nothing() -> bytes:
    return drawing(f"<style>rect,.{CANARY[:-1]}{{fill:red}} #{CANARY[:-1]}{{fill:red}}</style>\n")


def comment_between_rules() -> bytes:
    return drawing(f"<style><![CDATA[ /* {CANARY} */ rect > circle {{ fill : red; }} ]]></style>\n")


def comment_in_a_style() -> bytes:
    return drawing(f'<circle r="3" style="fill: /* {CANARY} */ red"/>\n')


def unknown_property() -> bytes:
    return drawing(f'<circle r="3" style="fill:red;-inkscape-note:{CANARY[:-1]}"/>\n')


def custom_property() -> bytes:
    return drawing(f'<style>rect{{--note:"{CANARY}";fill:red}}</style>\n')


def name_of_an_animation() -> bytes:
    name = CANARY[:-1]
    return drawing(
        f"<style>@keyframes {name} {{ from {{ fill: red }} to {{ fill: blue }} }}"
        f" rect {{ animation: {name} 2s linear infinite }}</style>\n"
    )


def imported_style_sheet() -> bytes:
    return drawing(
        f'<style>@import url("http://example.org/{CANARY}.css");rect{{fill:red}}</style>\n'
    )


def font_from_elsewhere() -> bytes:
    source = f"src:url(http://example.org/{CANARY[:-1]}.woff2)"
    return drawing(f"<style>@font-face{{font-family:F;{source}}}rect{{fill:red}}</style>\n")


def paint_from_elsewhere() -> bytes:
    return drawing(f'<circle r="3" style="fill:url(http://example.org/{CANARY}#a)"/>\n')


def picture_from_elsewhere() -> bytes:
    return drawing(f'<image width="9" height="9" href="https://example.org/{CANARY}.png"/>\n')


def picture_from_a_folder() -> bytes:
    return drawing(f'<image width="9" height="9" href="file:///home/{CANARY}/a.png"/>\n')


def link() -> bytes:
    return drawing(f'<a href="https://example.org/{CANARY}" target="_top"><circle r="3"/></a>\n')


def page_in_a_link() -> bytes:
    return drawing(f'<a href="data:text/html,{CANARY}"><circle r="3"/></a>\n')


def hidden_layer() -> bytes:
    return drawing(f'<g style="display:none"><text>{CANARY}</text></g>\n')


def hidden_shape() -> bytes:
    return drawing(f'<text display="none">{CANARY}</text>\n')


def layer_that_a_class_hides() -> bytes:
    """Illustrator's way."""
    return drawing(
        "<style>.st0{display:none;}.st1{display:inline;}</style>"
        f'<g class="st0"><text class="st1">{CANARY}</text></g>\n'
    )


def layer_that_holds_a_gradient_in_use() -> bytes:
    """Inkscape's way."""
    return drawing(
        f'<g style="display:none"><text>{CANARY}</text><linearGradient id="g"/></g>'
        '<circle r="9" fill="url(#g)"/>\n'
    )


def layer_inside_a_symbol() -> bytes:
    hidden = f'<g display="none"><text>{CANARY}</text></g>'
    return drawing(f'<symbol id="s"><circle r="9"/>{hidden}</symbol><use href="#s"/>\n')


def layer_that_a_link_leads_to() -> bytes:
    return drawing(f'<a href="#s"><circle r="9"/></a><text id="s" display="none">{CANARY}</text>\n')


def shape_inside_a_shape() -> bytes:
    return drawing(f'<circle r="9"><text>{CANARY}</text></circle>\n')


def shape_inside_a_stop() -> bytes:
    stop = f'<stop offset="0"><text>{CANARY}</text></stop>'
    return drawing(
        f'<linearGradient id="g">{stop}</linearGradient><circle r="9" fill="url(#g)"/>\n'
    )


def shape_inside_a_step_of_a_filter() -> bytes:
    step = f'<feOffset dx="1"><text>{CANARY}</text></feOffset>'
    return drawing(f'<filter id="f">{step}</filter><circle r="9" filter="url(#f)"/>\n')


def group_inside_a_clipping_path() -> bytes:
    group = f"<g><text>{CANARY}</text></g>"
    return drawing(
        f'<clipPath id="c"><rect width="9" height="9"/>{group}</clipPath>'
        '<circle r="9" clip-path="url(#c)"/>\n'
    )


def pattern_that_another_replaces() -> bytes:
    return drawing(
        '<pattern id="p" href="#q" width="1" height="1"><circle r="1"/></pattern>'
        f'<pattern id="q"><text>{CANARY}</text></pattern><circle r="9" fill="url(#p)"/>\n'
    )


def choice_behind_the_one_that_is_taken() -> bytes:
    return drawing(f"<switch><circle r='9'/><text>{CANARY}</text></switch>\n")


def address_that_another_overrides() -> bytes:
    return drawing(
        '<image xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" href="#none"'
        f' xlink:href="data:image/png,{CANARY}"/>\n'
    )


def gradient_that_nothing_refers_to() -> bytes:
    return drawing(f'<linearGradient id="{CANARY}"><stop offset="0"/></linearGradient>\n')


def symbol_that_only_a_hidden_layer_uses() -> bytes:
    return drawing(
        f'<symbol id="a"><text>{CANARY}</text></symbol>\n<g display="none"><use href="#a"/></g>\n'
    )


def gradients_that_refer_to_each_other() -> bytes:
    return drawing(
        f'<defs><linearGradient id="{CANARY}" href="#b"/><linearGradient id="b" href="#{CANARY}"/>'
        "</defs>\n"
    )


def element_for_one_editor_alone() -> bytes:
    """Illustrator's way: a switch between its own data and the drawing."""
    return drawing(
        '<switch><foreignObject requiredExtensions="http://ns.adobe.com/AdobeIllustrator/10.0/">'
        f"{CANARY}</foreignObject><g><circle r='9'/></g></switch>\n"
    )


def text_between_shapes() -> bytes:
    return drawing(f"{CANARY}\n")


def text_inside_a_shape() -> bytes:
    return drawing(f'<circle r="3">{CANARY}</circle>\n')


def text_inside_an_animation() -> bytes:
    inner = f'<set attributeName="x" to="3">{CANARY}</set>'
    return drawing(f'<text x="2" y="20" font-size="4">A{inner}</text>\n')


def embedded_jpeg() -> bytes:
    written = io.BytesIO()
    webp.scene().save(written, "JPEG", exif=b"Exif\0\0" + private_tiff())
    return drawing(_image(written.getvalue(), "jpeg"))


def embedded_webp() -> bytes:
    return drawing(_image(webp.xmp_chunk(), "webp"))


def embedded_picture_with_a_wrong_type() -> bytes:
    return drawing(_image(webp.xmp_chunk(), "webp", media="png"))


def embedded_gif_in_a_style_sheet() -> bytes:
    written = io.BytesIO()
    Image.new("P", (4, 4)).save(written, "GIF", comment=SECRET_BYTES)
    address = f"data:image/gif;base64,{base64.b64encode(written.getvalue()).decode()}"
    return drawing(f"<style>rect{{mask-image:url({address})}}</style>\n")


def embedded_drawing() -> bytes:
    return drawing(_image(comment(), "svg+xml"))


def embedded_drawing_as_text() -> bytes:
    inner = comment().decode().replace("%", "%25").replace("#", "%23").replace('"', "'")
    inner = inner.replace("<", "&lt;")
    return drawing(
        f'<image width="9" height="9" href="data:image/svg+xml;note={CANARY};utf8,{inner}"/>\n'
    )


HIDING_PLACES: tuple[Callable[[], bytes], ...] = (
    comment,
    comment_before_the_root,
    comment_behind_the_root,
    comment_inside_a_text,
    comment_inside_a_style_sheet,
    instruction,
    instruction_for_a_style_sheet,
    document_type,
    metadata,
    xmp_packet,
    title,
    description_of_a_shape,
    script,
    event_handler,
    script_in_a_link,
    editors_attribute,
    editors_path,
    editors_element,
    data_attribute,
    label_for_screen_readers,
    document_of_an_editor,
    unknown_attribute,
    unknown_element,
    title_of_a_link,
    name_that_nothing_refers_to,
    name_that_something_refers_to,
    name_of_a_gradient,
    class_that_no_style_sheet_knows,
    class_of_a_style_sheet,
    unknown_property,
    custom_property,
    imported_style_sheet,
    font_from_elsewhere,
    paint_from_elsewhere,
    picture_from_elsewhere,
    picture_from_a_folder,
    link,
    page_in_a_link,
    hidden_layer,
    hidden_shape,
    layer_that_a_class_hides,
    layer_that_holds_a_gradient_in_use,
    layer_inside_a_symbol,
    layer_that_a_link_leads_to,
    shape_inside_a_shape,
    shape_inside_a_stop,
    shape_inside_a_step_of_a_filter,
    group_inside_a_clipping_path,
    pattern_that_another_replaces,
    choice_behind_the_one_that_is_taken,
    address_that_another_overrides,
    gradient_that_nothing_refers_to,
    symbol_that_only_a_hidden_layer_uses,
    gradients_that_refer_to_each_other,
    element_for_one_editor_alone,
    text_between_shapes,
    text_inside_a_shape,
    text_inside_an_animation,
)

SMALL_PLACES: tuple[Callable[[], bytes], ...] = (
    document_type_with_entities,
    namespace_of_others,
    name_that_nothing_has,
    name_that_starts_an_animation,
    name_in_a_filter,
    rule_that_selects_nothing,
    comment_between_rules,
    comment_in_a_style,
    name_of_an_animation,
)
"""More hiding places, which nobody is told of one by one."""


EMBEDDED: tuple[Callable[[], bytes], ...] = (
    embedded_jpeg,
    embedded_webp,
    embedded_picture_with_a_wrong_type,
    embedded_gif_in_a_style_sheet,
    embedded_drawing,
    embedded_drawing_as_text,
)


def compressed(data: bytes, name: str = "") -> bytes:
    written = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=written, mtime=1_743_531_725) as archive:
        archive.write(data)
    return written.getvalue()


def cleaned_inside(inside: str) -> str:
    """What becomes of the inside of a drawing."""
    copy = clean(drawing(inside), svg).decode()
    return copy.partition(SHAPES)[2].removesuffix("</svg>\n").strip()
