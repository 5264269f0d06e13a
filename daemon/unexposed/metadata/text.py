"""Texts with a keyword, as PNG and its relatives carry them; generators' prompts among them.

Source: PNG (third edition) 11.3.3.1 for the keywords of the specification.
"""

from __future__ import annotations

import re
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.file_paths import paths_in
from unexposed.metadata.generators import is_generator
from unexposed.metadata.legible import legible
from unexposed.metadata.prompts import recognised, told
from unexposed.metadata.times import moment

LANGUAGES = ("text",)

_KINDS: Final[dict[str, str]] = {
    "author": "person.author",
    "artist": "person.author",
    "copyright": "person.copyright",
    "creator": "person.author",
    "title": "person.caption",
    "description": "person.caption",
    "subject": "person.caption",
    "keywords": "person.caption",
    "comment": "hidden.comment",
    "software": "device.software",
    "source": "device.model",
    "creation time": "time.taken",
    "create-date": "time.taken",
    "exif:datetimeoriginal": "time.taken",
    "date:create": "time.edited",
    "date:modify": "time.edited",
    "date:timestamp": "time.edited",
    "modify-date": "time.edited",
    "thumb::uri": "location.file_path",
    "linked profile": "location.file_path",
    "thumb::mtime": "time.edited",
    "exif:make": "device.model",
    "exif:model": "device.model",
    "url": "history.origin",
    "xml:com.adobe.xmp": "hidden.metadata",
    "warning": "hidden.metadata",
    "disclaimer": "hidden.metadata",
}
"""Keyword in lower case -> kind. What is not here is reported as a comment with its keyword."""

_PROMPTS: Final[dict[str, str]] = {
    "parameters": "",
    "prompt": "",
    "negative_prompt": "",
    "workflow": "ComfyUI",
    "generation_data": "",
    "invokeai_metadata": "InvokeAI",
    "invokeai_graph": "InvokeAI",
    "invokeai_workflow": "InvokeAI",
    "sd-metadata": "InvokeAI",
    "dream": "InvokeAI",
    "fooocus_scheme": "Fooocus",
    "sui_image_params": "SwarmUI",
    "parameters-json": "StabilityMatrix",
    "smproj": "StabilityMatrix",
    "use_stable_diffusion_model": "Easy Diffusion",
}
"""Keyword in lower case -> the generator that writes its prompt under it, "" for several."""

_FREE: Final = frozenset({"comment", "description", "usercomment", "metadata", "title", "xml"})
"""Keywords under which a prompt may stand among anything else."""
_SOURCES: Final = frozenset({"software", "source", "title"})
"""Keywords that name the program which made the picture."""
_TRANSLATED: Final = "translated keyword"
_PLAIN_WORDS: Final = re.compile(r"[^\W\d_]{2,20}(?:[ '-][^\W\d_]{2,20}){0,2}")
"""What a keyword is called in another language: a few words of letters."""
_PROFILE: Final = "profile name"
_PLAIN_PROFILES: Final = re.compile(
    r"(?:(?:photoshop|default|embedded|icc|png|gimp|skia|display|generic|standard)\b.{0,12}"
    r"(?:icc|rgb|profile|srgb|gray|p3)\b.{0,12}|icm|icc|rgb|gray|s?rgb\b.{0,30}|adobe ?rgb ?.{0,6}"
    r"|display p3|apple rgb|prophoto rgb|rommrgb|wide gamut rgb|dot gain \d\d%|gr[ae]y gamma \d\.\d"
    r"|kcgcolorspace\w+|c2(?:ci)?|\d)",
    re.IGNORECASE,
)
"""What programs call colour profiles by themselves."""
_MAX_TEXT = 4 << 20


def read(block: Block) -> list[Finding]:
    """Return what the text under the keyword `block.label` gives away."""
    keyword, where = block.label.casefold().strip(), block.where
    raw = block.payload[:_MAX_TEXT].decode("utf-8", "replace")
    text = legible(block.payload)
    if not text:
        return [finding("hidden.metadata", where, legible(block.label))] if block.label else []
    if (keyword == _TRANSLATED and _PLAIN_WORDS.fullmatch(text)) or (
        keyword == _PROFILE and _PLAIN_PROFILES.fullmatch(text)
    ):
        return [finding("hidden.metadata", where, f"{keyword}: {text}")]
    if keyword in _PROMPTS:
        return told(raw, where, _PROMPTS[keyword])
    if keyword in _FREE and (found := recognised(raw, where)):
        return found
    if keyword in _SOURCES and is_generator(text):
        return [finding("provenance.ai_generated", where, text)]
    kind = _KINDS.get(keyword)
    if kind is None:
        found = [finding("hidden.comment", where, f"{legible(block.label)}: {text}")]
        return found + [finding("location.file_path", where, path) for path in paths_in(text)]
    if kind.startswith("time."):
        text = moment(text)
    found = [finding(kind, where, text)] if text else []
    if kind != "location.file_path":
        found += [finding("location.file_path", where, path) for path in paths_in(text)]
    return found
