"""Texts with a keyword, as PNG and its relatives carry them; generators' prompts among them.

Source: PNG (third edition) 11.3.3.1 for the keywords of the specification.
"""

from __future__ import annotations

import json
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.legible import legible
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
    "parameters": "Stable Diffusion",
    "prompt": "ComfyUI",
    "workflow": "ComfyUI",
    "generation_data": "a generator",
    "invokeai_metadata": "InvokeAI",
    "invokeai_graph": "InvokeAI",
    "sd-metadata": "InvokeAI",
    "dream": "InvokeAI",
    "fooocus_scheme": "Fooocus",
    "sui_image_params": "SwarmUI",
}
"""Keyword in lower case -> the generator that writes its prompt under it."""

_MIDJOURNEY = (" --v ", " --ar ", "job id:", " --style ")
_PROMPT_KEYS: Final = ("prompt", "positive_prompt", "text", "caption")
_MAX_JSON = 1 << 20
_MAX_NODES = 20_000


def read(block: Block) -> list[Finding]:
    """Return what the text under the keyword `block.label` gives away."""
    keyword, where = block.label.casefold().strip(), block.where
    raw = block.payload[:_MAX_JSON].decode("utf-8", "replace")
    text = legible(block.payload)
    if not text:
        return [finding("hidden.metadata", where, legible(block.label))] if block.label else []
    if keyword in _PROMPTS:
        return _generated(where, _PROMPTS[keyword], prompt_of(raw))
    if keyword == "comment" and (prompt := _prompt_in_json(raw)):
        return _generated(where, "a generator", prompt)
    if keyword == "description" and any(mark in text.casefold() for mark in _MIDJOURNEY):
        return _generated(where, "Midjourney", text)
    if keyword == "software" and text.casefold().startswith("novelai"):
        return [finding("provenance.ai_generated", where, text)]
    kind = _KINDS.get(keyword)
    if kind is None:
        return [finding("hidden.comment", where, f"{legible(block.label)}: {text}")]
    if kind.startswith("time."):
        text = moment(text)
    return [finding(kind, where, text)] if text else []


def prompt_of(text: str) -> str:
    """Return the prompt itself out of what a generator writes, or all of it where it is not told apart."""
    return _prompt_in_json(text) or legible(text)


def _generated(where: str, generator: str, prompt: str) -> list[Finding]:
    return [
        finding("provenance.prompt", where, prompt),
        finding("provenance.ai_generated", where, generator),
    ]


def _prompt_in_json(text: str) -> str:
    """Return the longest text under a key that prompts have; "" where the text is no JSON."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    found: list[str] = []
    open_nodes = [tree]
    for _ in range(_MAX_NODES):
        if not open_nodes:
            break
        node = open_nodes.pop()
        if isinstance(node, dict):
            found += [node[key] for key in _PROMPT_KEYS if isinstance(node.get(key), str)]
            open_nodes += node.values()
        elif isinstance(node, list):
            open_nodes += node
    return legible(max(found, key=len, default=""))
