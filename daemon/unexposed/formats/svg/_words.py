"""The words that values in a drawing are made of; a value with any other is not accounted for.

Sources: CSS Color 4, CSS Fonts 4, CSS Text 3, CSS Masking 1, CSS Animations 1, Media
Queries 4, Compositing and Blending 1, and the property indices of SVG 1.1 and SVG 2.
"""

from __future__ import annotations

from typing import Final


def words_of(text: str) -> frozenset[str]:
    """Return the words of a table as it is written in this module and beside it."""
    return frozenset(text.split())


_COLOURS: Final = """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet
    brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan
    darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta
    darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue
    darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey
    dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray
    green greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush
    lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow lightgray
    lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
    lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon
    mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue
    mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin
    navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen
    paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple
    rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna
    silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle
    tomato transparent turquoise violet wheat white whitesmoke yellow yellowgreen currentcolor
    accentcolor accentcolortext activeborder activecaption activetext appworkspace background
    buttonborder buttonface buttonhighlight buttonshadow buttontext canvas canvastext
    captiontext field fieldtext graytext highlight highlighttext inactiveborder inactivecaption
    inactivecaptiontext infobackground infotext linktext mark marktext menu menutext scrollbar
    selecteditem selecteditemtext threeddarkshadow threedface threedhighlight
    threedlightshadow threedshadow visitedtext window windowframe windowtext
    srgb srgb-linear display-p3 a98-rgb prophoto-rgb rec2020 xyz xyz-d50 xyz-d65
    icc-color devicergb devicecmyk devicegray
"""

_PAINTING: Final = """
    accumulate add additive after-edge alpha always arcs arithmetic atop auto auto-sense
    backgroundalpha backgroundimage before-edge bevel bounding-box butt center clip color
    color-burn color-dodge context-fill context-stroke context-value crisp-edges crispedges
    crop darken destination-atop difference dilate discrete disable duplicate erode evenodd
    exclude exclusion fill fill-box fillpaint fixed-position fractalnoise freeze gamma
    geometricprecision hard-light hidden high-quality hue huerotate identity in inherit initial
    inline intersect isolate left lighten lighter linear linearrgb luminance luminancetoalpha
    luminosity magnify margin-box markers match-source matrix meet miter miter-clip mitre
    multiply new no-clip no-composite non-rotation non-scaling-size non-scaling-stroke none
    nonzero normal notpropagate objectboundingbox opaque optimize-contrast optimizelegibility
    optimizequality optimizespeed out over overlay pad padding-box painted pixelated plus-darker
    plus-lighter preserve reflect remove repeat replace revert revert-layer right rotate round
    saturate saturation saturate scale scroll screen self skewx skewy slice smooth soft-light
    source-over sourcealpha sourcegraphic square srgb stitch nostitch stretch stroke
    stroke-box strokepaint strokewidth strokewidth subtract sum table translate turbulence unset
    use userspace userspaceonuse view-box viewport visible visiblefill visiblepainted
    visiblestroke bounding-box border-box content-box wrap xminymin xmidymin xmaxymin xminymid
    xmidymid xmaxymid xminymax xmidymax xmaxymax xor fixed absolute relative static sticky
    a b g r rgb cmyk both block flex grid inline-block inline-flex inline-grid contents
    list-item run-in table-cell table-row compact marker none undefined nan null infinity
    true false default defer scroll only sum magnify disable spacing spacingandglyphs
    exact start end middle top bottom baseline auto-start-reverse align stretch
    defaultstyle important no-repeat repeat-x repeat-y space cover contain
    borderbox nocomposite local fill-opacity isolation no-change
"""

_TEXT: Final = """
    100 200 300 400 500 600 700 800 900 all-petite-caps all-scroll all-small-caps alphabetic
    anywhere armenian baseline bidi-override blink bold bolder book break-all break-word
    capitalize caption central circle cjk-decimal common-ligatures condensed contextual cursive
    dashed decimal diagonal-fractions discretionary-ligatures disc dot dotted double each-line
    ellipsis embed emoji exact expanded extra-condensed extra-expanded fangsong fantasy
    full-width geometricprecision hanging historical-forms historical-ligatures horizontal
    horizontal-tb icon ideographic ideographic-alphabetic ideographic-ink inside inter-character
    inter-word isolate-override italic jis04 jis78 jis83 jis90 justify keep-all larger light
    lighter line-through lining-nums loose lower lr lr-tb lowercase ltr manual mathematical math
    medium message-box middle mixed monospace no-common-ligatures no-contextual
    no-discretionary-ligatures no-historical-ligatures no-punctuation nowrap oblique
    oldstyle-nums open optional ordinal outside over overline petite-caps plaintext pre pre-line
    pre-wrap proportional-nums proportional-width reset-size rl rl-tb rtl ruby run-in sans-serif
    semi-condensed semi-expanded serif sideways sideways-lr sideways-right sideways-rl simplified
    slashed-zero small small-caps small-caption smaller solid stacked-fractions status-bar
    strict style sub super system-ui tabular-nums tb tb-rl text text-after-edge
    text-before-edge text-bottom text-top thick thin titling-caps traditional ui-monospace
    ui-rounded ui-sans-serif ui-serif ultra-condensed ultra-expanded under underline unicase
    uppercase upright use-glyph-orientation use-script vertical vertical-lr vertical-rl wavy
    wider narrower x-large x-small xx-large xx-small xxx-large large font bidi-override
    antialiased subpixel-antialiased grayscale weight optical-sizing spell-out digits
    flat filled break-spaces balance collapse preserve-breaks preserve-spaces wrap nowrap
    from-font kern liga dlig calt
"""

_POINTING: Final = """
    alias all auto-pointer cell col-resize context-menu copy crosshair default e-resize ew-resize
    grab grabbing hand help move n-resize ne-resize nesw-resize no-drop none not-allowed ns-resize
    nw-resize nwse-resize pointer progress row-resize s-resize se-resize sw-resize text
    vertical-text w-resize wait zoom-in zoom-out bounding-box manipulation pan-x pan-y
"""

_MOVING: Final = """
    accesskey alternate alternate-reverse always auto backwards beginning both constant
    css dur ease ease-in ease-in-out ease-out forwards freeze from indefinite infinite jump-both
    jump-end jump-none jump-start linear media nonzero normal notpropagate once paced paused
    forever replace reverse running spline step-end step-start sum to whennotactive xml
    whenstarted all opacity transform fill stroke allow-discrete never
"""

_MEDIA: Final = """
    all and aural braille color dark forced-colors grid handheld hover landscape light
    max-height max-width min-height min-width monochrome no-preference not only or orientation
    portrait prefers-color-scheme prefers-contrast prefers-reduced-motion print projection
    reduce resolution screen speech tty tv width height aspect-ratio min-resolution
    -webkit-min-device-pixel-ratio min-device-width max-device-width active
    tiny full basic text css magnify disable
"""

WORDS: Final = words_of(" ".join((_COLOURS, _PAINTING, _TEXT, _POINTING, _MOVING, _MEDIA)))
"""In lower case."""

UNITS: Final = words_of(
    """
    % ch cm deg dpcm dpi dppx em ex fr grad h hz in khz lh min mm ms pc pt px q rad rem s turn vh
    vmax vmin vw cap ic rlh vb vi svh lvh dvh svw lvw dvw x
    """
)

FUNCTIONS: Final = words_of(
    """
    blur brightness calc circle clamp color color-mix conic-gradient contrast counter cubic-bezier
    device-cmyk drop-shadow ellipse grayscale hsl hsla hue-rotate hwb icc-color inset invert lab
    lch light-dark linear linear-gradient matrix matrix3d max min oklab oklch opacity path perspective
    polygon radial-gradient rect repeat rgb rgba rotate rotate3d rotatex rotatey rotatez saturate
    scale scale3d scalex scaley scalez sepia skew skewx skewy steps translate translate3d
    translatex translatey translatez var
    """
)
"""In lower case and without their bracket; of a `path()` the string is looked through as well."""

PROPERTIES: Final = words_of(
    """
    alignment-baseline animation animation-delay animation-direction animation-duration
    animation-fill-mode animation-iteration-count animation-name animation-play-state
    animation-timing-function backface-visibility background background-blend-mode background-clip
    background-color background-image background-origin background-position background-repeat
    background-size baseline-shift block-progression block-size border border-bottom border-color
    border-left border-radius border-right border-style border-top border-width bottom box-shadow
    box-sizing clip clip-path clip-rule color color-adjust color-interpolation
    color-interpolation-filters color-profile color-rendering color-scheme cursor cx cy d
    direction display dominant-baseline enable-background fill fill-opacity fill-rule filter flex
    flood-color flood-opacity font font-family font-feature-settings font-kerning
    font-language-override font-optical-sizing font-palette font-size font-size-adjust font-smooth
    font-stretch font-style font-synthesis font-variant font-variant-alternates font-variant-caps
    font-variant-east-asian font-variant-emoji font-variant-ligatures font-variant-numeric
    font-variant-position font-variation-settings font-weight glyph-orientation-horizontal
    glyph-orientation-vertical height image-orientation image-rendering inline-size isolation
    kerning left letter-spacing lighting-color line-break line-height line-spacing margin
    margin-bottom margin-left margin-right margin-top marker marker-end marker-mid marker-start
    mask mask-border mask-clip mask-composite mask-image mask-mode mask-origin mask-position
    mask-repeat mask-size mask-type max-height max-width min-height min-width mix-blend-mode
    object-fit object-position offset offset-distance offset-path offset-rotate opacity outline
    outline-color outline-style outline-width overflow overflow-wrap overflow-x overflow-y padding
    paint-order perspective perspective-origin pointer-events position print-color-adjust r right
    rotate rx ry scale shape-image-threshold shape-inside shape-margin shape-padding
    shape-rendering shape-subtract solid-color solid-opacity stop-color stop-opacity stroke
    stroke-alignment stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width tab-size text-align text-align-all
    text-align-last text-anchor text-combine-upright text-decoration text-decoration-color
    text-decoration-fill text-decoration-line text-decoration-skip text-decoration-skip-ink
    text-decoration-stroke text-decoration-style text-decoration-thickness text-emphasis
    text-indent text-justify text-orientation text-overflow text-rendering text-shadow
    text-size-adjust text-transform text-underline-offset text-underline-position top touch-action
    transform transform-box transform-origin transform-style transition transition-delay
    transition-duration transition-property transition-timing-function translate unicode-bidi
    user-select vector-effect vertical-align visibility white-space will-change width word-break
    word-spacing word-wrap writing-mode x y z-index zoom font-smoothing osx-font-smoothing
    text-stroke text-stroke-color text-stroke-width text-fill-color appearance tap-highlight-color
    """
)
"""Without the prefixes of browsers; what is not named here is ignored by them."""

FREE: Final = frozenset({"font", "font-family"})
"""Properties that may hold names of fonts."""
TAGGED: Final = frozenset({"font-feature-settings", "font-variation-settings"})
"""Properties that may hold tags of four letters."""

ANIMATED: Final = frozenset({"animation", "animation-name"})
"""Properties that may hold names of animations."""
TIMINGS: Final = words_of(
    """
    alternate alternate-reverse auto backwards both ease ease-in ease-in-out ease-out forwards
    infinite inherit initial linear none normal paused reverse revert revert-layer running
    step-end step-start unset
    """
)
"""Words that mean something else there than the name of an animation."""

VENDORS: Final = ("-webkit-", "-moz-", "-ms-", "-o-", "-khtml-")

SELECTORS: Final = words_of(
    """
    active any-link first-line focus focus-visible focus-within hover is link matches not root
    target visited where
    """
)
"""Pseudo-classes that do not count elements."""

EVENTS: Final = words_of(
    """
    activate begin beginevent click dblclick end endevent focus focusin focusout load mousedown
    mouseenter mouseleave mousemove mouseout mouseover mouseup repeat repeatevent touchend
    touchstart domfocusin domfocusout domactivate svgload
    """
)
"""In lower case."""
