"""What a drawing is made of: the namespaces, elements and attributes that stay.

Sources: SVG 2 (element, attribute and property indices), SVG 1.1 (second edition), Filter
Effects Module Level 1, SVG Animations Level 2. What is not named here does not survive.
"""

from __future__ import annotations

import enum
import re
from typing import Final

from unexposed.formats.svg._words import words_of

SVG: Final = "http://www.w3.org/2000/svg"
XLINK: Final = "http://www.w3.org/1999/xlink"
XHTML: Final = "http://www.w3.org/1999/xhtml"
KEPT_NAMESPACES: Final = frozenset({SVG, XLINK})
EXTENSIONS: Final = frozenset({XHTML, "http://www.w3.org/1998/Math/MathML"})
"""What `requiredExtensions` may ask for in a browser; other elements that ask are never shown."""

PREFIX: Final = re.compile(r"[a-z]?|svg|xlink|xl|ns[0-9]{0,3}")
"""Prefixes of the kept namespaces that name nobody."""


class Kind(enum.Enum):
    """How an attribute's value is looked through."""

    DRAWING = "numbers and words; never written anew"
    WORDS = "numbers, words and references"
    ID = "a name for this element"
    LINK = "a reference"
    PICTURE = "a reference, or a picture in it"
    STYLE = "declarations"
    CLASS = "names that a style sheet selects by"
    FONT = "names of fonts"
    FONT_SETTINGS = "features of fonts"
    TIMING = "moments, which may be told by other elements"
    RESULT = "a name within a filter"
    LANGUAGE = "languages"
    FEATURES = "what a viewer has to be capable of"
    EXTENSIONS = "other languages that a viewer has to know"
    TARGET = "the attribute that is animated"


SPANS: Final = words_of("textPath tspan")
SHAPES: Final = words_of("circle ellipse image line path polygon polyline rect text use")
CONTAINERS: Final = words_of("a g svg switch")
DEFINITIONS: Final = words_of(
    """
    clipPath filter hatch linearGradient marker mask meshgradient pattern radialGradient
    solidcolor symbol
    """
)
"""What is drawn only where something refers to it."""
EMBEDDING: Final = frozenset({"feImage", "image"})
"""What may have a picture in its own address."""
TEXTUAL: Final = words_of("a text textPath tspan")
"""What may hold text that is drawn, within a `text` element."""
ANIMATIONS: Final = words_of("animate animateColor animateMotion animateTransform discard set")
STYLE_SHEET: Final = "style"
KEYFRAMES: Final = ("keyframes", "-webkit-keyframes", "-moz-keyframes")
"""At-rules that define an animation."""

ELEMENTS: Final = (
    SHAPES
    | SPANS
    | CONTAINERS
    | DEFINITIONS
    | TEXTUAL
    | ANIMATIONS
    | words_of(
        """
    defs feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence hatchpath meshpatch meshrow mpath stop
    style view
    """
    )
)

REFUSED: Final = {
    "foreignObject": (
        "holds HTML, which cannot be cleaned yet; export it without, from draw.io with its labels"
        " converted to SVG"
    ),
    "font": "holds a font, which cannot be cleaned yet",
    "tref": "draws a text from elsewhere",
}
"""Elements that some viewers draw -> why a drawing with one is held back."""

LABELS: Final = {"metadata": "metadata", "title": "title", "desc": "desc", "script": "script"}
"""Elements that go -> what they are to the readers."""

_DRAWING: Final = """
    amplitude azimuth baseFrequency bias clipPathUnits cx cy d diffuseConstant divisor dx dy
    edgeMode elevation exponent externalResourcesRequired filterRes filterUnits fr fx fy
    gradientTransform gradientUnits hatchContentUnits hatchUnits height intercept k1 k2 k3 k4
    kernelMatrix kernelUnitLength lengthAdjust limitingConeAngle markerHeight markerUnits
    markerWidth maskContentUnits maskUnits method numOctaves offset operator order orient origin
    pathLength patternContentUnits patternTransform patternUnits pitch points pointsAtX pointsAtY
    pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r radius refX refY rotate rx ry
    scale seed side slope spacing specularConstant specularExponent spreadMethod startOffset
    stdDeviation stitchTiles surfaceScale tableValues targetX targetY textLength transform
    version viewBox width x x1 x2 xChannelSelector y y1 y2 yChannelSelector z zoomAndPan
"""

_WORDS: Final = """
    accumulate additive alignment-baseline attributeType baseProfile baseline-shift by calcMode
    clip clip-path clip-rule color color-interpolation color-interpolation-filters color-profile
    color-rendering cursor direction display dominant-baseline dur enable-background fill
    fill-opacity fill-rule filter flood-color flood-opacity font-kerning font-size
    font-size-adjust font-stretch font-style font-variant font-weight from
    glyph-orientation-horizontal glyph-orientation-vertical image-rendering isolation keyPoints
    keySplines keyTimes kerning letter-spacing lighting-color marker marker-end marker-mid
    marker-start mask mask-type max media min mix-blend-mode mode opacity overflow paint-order
    path pointer-events repeatCount repeatDur restart shape-rendering
    solid-color solid-opacity stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset
    stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align
    text-anchor text-decoration text-overflow text-rendering to transform-box transform-origin
    type unicode-bidi values vector-effect visibility white-space word-spacing writing-mode
"""

ATTRIBUTES: Final[dict[tuple[str, str], Kind]] = {
    **{("", name): Kind.DRAWING for name in _DRAWING.split()},
    **{("", name): Kind.WORDS for name in _WORDS.split()},
    ("", "attributeName"): Kind.TARGET,
    ("", "begin"): Kind.TIMING,
    ("", "class"): Kind.CLASS,
    ("", "end"): Kind.TIMING,
    ("", "font"): Kind.FONT,
    ("", "font-family"): Kind.FONT,
    ("", "font-feature-settings"): Kind.FONT_SETTINGS,
    ("", "font-variation-settings"): Kind.FONT_SETTINGS,
    ("", "href"): Kind.LINK,
    ("", "id"): Kind.ID,
    ("", "in"): Kind.RESULT,
    ("", "in2"): Kind.RESULT,
    ("", "lang"): Kind.LANGUAGE,
    ("", "requiredExtensions"): Kind.EXTENSIONS,
    ("", "requiredFeatures"): Kind.FEATURES,
    ("", "result"): Kind.RESULT,
    ("", "style"): Kind.STYLE,
    ("", "systemLanguage"): Kind.LANGUAGE,
    (XLINK, "href"): Kind.LINK,
    ("http://www.w3.org/XML/1998/namespace", "id"): Kind.ID,
    ("http://www.w3.org/XML/1998/namespace", "lang"): Kind.LANGUAGE,
    ("http://www.w3.org/XML/1998/namespace", "space"): Kind.DRAWING,
}
"""Namespace and name -> how the value is looked through; others go."""

RESULTS: Final = words_of(
    """
    BackgroundAlpha BackgroundImage FillPaint SourceAlpha SourceGraphic StrokePaint
    """
)
"""What a filter may take in that no primitive of its own made."""

FEATURE: Final = "http://www.w3.org/TR/SVG11/feature#"
FEATURES: Final = words_of(
    """
    Animation AnimationEventsAttribute BasicClip BasicFilter BasicFont BasicGraphicsAttribute
    BasicPaintAttribute BasicStructure BasicText Clip ColorProfile ConditionalProcessing
    ContainerAttribute CoreAttribute Cursor DocumentEventsAttribute Extensibility
    ExternalResourcesRequired Filter Font Gradient GraphicalEventsAttribute GraphicsAttribute
    Hyperlinking Image Marker Mask OpacityAttribute PaintAttribute Pattern Script Shape Structure
    Style SVG SVG-animation SVG-dynamic SVG-static SVGDOM SVGDOM-animation SVGDOM-dynamic
    SVGDOM-static Text View ViewportAttribute XlinkAttribute
    """
)
"""What SVG 1.1 (appendix N) lets an element ask for, behind `FEATURE`."""

EDITORS: Final[dict[str, str]] = {
    "http://www.inkscape.org/namespaces/inkscape": "inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd": "sodipodi",
    "http://inkscape.sourceforge.net/DTD/sodipodi-0.dtd": "sodipodi",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://creativecommons.org/ns#": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://ns.adobe.com/AdobeIllustrator/10.0/": "i",
    "http://ns.adobe.com/Extensibility/1.0/": "x",
    "http://ns.adobe.com/Graphs/1.0/": "graph",
    "adobe:ns:meta/": "x",
    "http://www.bohemiancoding.com/sketch/ns": "sketch",
    "http://www.figma.com/figma/ns": "figma",
    "http://www.serif.com/": "serif",
    "http://krita.org/namespaces/svg/krita": "krita",
    "https://boxy-svg.com": "bx",
    "http://www.corel.com/coreldraw/odm/2003": "xodm",
    "http://schemas.microsoft.com/visio/2003/SVGExtensions/": "v",
}
"""Namespaces of others -> the prefix that readers know them by."""
