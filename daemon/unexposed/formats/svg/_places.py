"""The places in a drawing, for docs/formats.md."""

from __future__ import annotations

from typing import Final

from unexposed.formats._places import Place

PLACES: Final = (
    Place("drawing", "text, and rows of numbers: paths, points", "stays", "what is drawn"),
    Place(
        "markup",
        "tags, attributes and style sheets",
        "made plain",
        "one way to write them; names of objects, classes and animations become numbers; "
        "embedded pictures are cleaned as their own formats",
    ),
    Place(
        "metadata|title|desc", "metadata, titles, descriptions", "goes", "names, captions, dates"
    ),
    Place(
        "comment|processing instruction|document type",
        "comments, processing instructions, the document type",
        "goes",
        "can be anything",
    ),
    Place("script", "scripts", "goes", "could tell who opens it, and where"),
    Place(
        "element of others '.*'|namespace of others",
        "elements of editors (Inkscape, Illustrator, ...)",
        "goes",
        "folders, layers, history, whole documents",
    ),
    Place(
        "attribute '.*'",
        "attributes of editors; event handlers; links and references to elsewhere; names that "
        "nothing refers to",
        "goes",
        "folders, addresses, what somebody called things",
    ),
    Place(
        "objects that are not shown",
        "hidden layers, however they are hidden; definitions that nothing refers to; what stands "
        "where nothing is drawn",
        "goes",
        "drafts, what was covered",
    ),
    Place(
        "unknown element '.*'|text that is not drawn",
        "elements that no specification knows, text between shapes",
        "goes",
        "can be anything",
    ),
)
