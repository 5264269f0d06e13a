"""Which elements are drawn where they stand: what stands anywhere else, no renderer draws.

Source: SVG 2 (content models, and chapter 5 on what is never rendered), SVG 1.1 (14.3.5 on
clipping paths), Filter Effects Module Level 1, SVG Animations Level 2.
"""

from __future__ import annotations

from typing import Final

from unexposed.formats.svg._tables import ANIMATIONS, CONTAINERS, ELEMENTS, SHAPES
from unexposed.formats.svg._words import words_of

GRAPHICS: Final = SHAPES | CONTAINERS
OUTLINES: Final = SHAPES - words_of("image text use")
"""Shapes that are nothing but rows of numbers."""
INLINE: Final = words_of("a textPath tspan")

_LIGHTS: Final = words_of("feDistantLight fePointLight feSpotLight")
_TRANSFERS: Final = words_of("feFuncA feFuncB feFuncG feFuncR")
_PRIMITIVES: Final = (
    frozenset(one for one in ELEMENTS if one.startswith("fe"))
    - _LIGHTS
    - _TRANSFERS
    - {"feMergeNode"}
)
_STOPS: Final = frozenset({"stop"})

_CHILDREN: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(CONTAINERS | words_of("marker mask pattern symbol"), GRAPHICS),
    **dict.fromkeys(words_of("text textPath tspan"), INLINE),
    **dict.fromkeys(words_of("linearGradient meshpatch radialGradient"), _STOPS),
    **dict.fromkeys(words_of("feDiffuseLighting feSpecularLighting"), _LIGHTS),
    "animateMotion": frozenset({"mpath"}),
    "clipPath": SHAPES - {"image"},
    "feComponentTransfer": _TRANSFERS,
    "feMerge": frozenset({"feMergeNode"}),
    "filter": _PRIMITIVES,
    "hatch": frozenset({"hatchpath"}),
    "meshgradient": frozenset({"meshrow"}),
    "meshrow": frozenset({"meshpatch"}),
}
"""Elements -> those that are drawn, or help to draw, right inside them, beside animations."""
_STILL: Final = ANIMATIONS | words_of("defs mpath style view")
"""Elements that nothing inside of them animates."""


def draws(parent: str, child: str) -> bool:
    """Tell whether an element is drawn, or helps to draw, right inside another that is."""
    if child in ANIMATIONS:
        return parent not in _STILL
    return child in _CHILDREN.get(parent, frozenset())
