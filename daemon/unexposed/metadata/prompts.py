"""What generators note of the words that a picture was made from, in whichever way they write it.

Sources: the programs' own code: AUTOMATIC1111's stable-diffusion-webui, ComfyUI, InvokeAI, Fooocus,
SwarmUI, Draw Things; pictures of NovelAI and Midjourney.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from unexposed.exposure import Finding, finding
from unexposed.metadata.file_paths import paths_in
from unexposed.metadata.generators import generator
from unexposed.metadata.legible import legible

_Node: TypeAlias = dict[str, object]

_WANTED: Final = ("prompt", "positive_prompt", "raw_prompt", "base_caption", "c", "text", "caption")
_UNWANTED: Final = ("negative_prompt", "negativeprompt", "uc")
_MODELS: Final = (
    *("ckpt_name", "unet_name", "base_model", "sd_model_name", "model_name", "model_weights"),
    *("model", "use_stable_diffusion_model"),
)
_AUTHORS: Final = ("created_by", "user", "username", "author")
_MARKS: Final = (
    *("prompt", "positive_prompt", "v4_prompt", "base_caption", "sui_image_params", "class_type"),
    *("widgets_values", "model_weights", "use_stable_diffusion_model", "uc"),
)
"""Keys of which one stands in any generator's JSON."""
_PROGRAMS: Final = {
    "sui_image_params": "SwarmUI",
    "base_model_hash": "Fooocus",
    "class_type": "ComfyUI",
    "widgets_values": "ComfyUI",
    "v4_prompt": "NovelAI",
    "signed_hash": "NovelAI",
    "positive_conditioning": "InvokeAI",
    "model_weights": "InvokeAI",
}
"""Key of JSON -> the program that writes it."""
_MAX_JSON: Final = 4 << 20
_MAX_NODES: Final = 20_000
_MAX_PROMPTS: Final = 4
_MAX_NAME: Final = 12

_TEXTS: Final = ("text", "text_g", "text_l", "t5xxl", "prompt", "string", "value", "wildcard_text")
"""Inputs of a node in a graph that hold words."""
_MOST_LINKS: Final = 6

_SETTINGS: Final = re.compile(r"(?:^|\s)Steps: \d{1,5}, ")
_SETTING: Final = re.compile(r"(?:^|, )(Model|Version|User): ([^,\n]{1,200})")
_NEGATIVE: Final = re.compile(r"(?:^|\s)Negative prompt: ")
_NAMED: Final = re.compile(r"(?i)(?:prompt|workflow): ?(?=\{)")
"""What stands before JSON where there are no keywords: ComfyUI in the Exif of a WebP."""
_FLAGS: Final = re.compile(r" -[sSWHCAnbGUg] ?[\d.]{1,10}| -A ?\w{1,20}")
_JOB: Final = re.compile(r"Job ID: ([0-9a-fA-F-]{4,40})\s*$")
_UNESCAPED: Final = re.compile(r"\\\\")
_MIDJOURNEY: Final = re.compile(r" --(?:v|ar|style|niji|profile|sref|stylize) | Job ID: ")


def told(text: str, where: str, program: str = "") -> list[Finding]:
    """Return what a text tells that a generator wrote; `program` is which, if that is known.

    A text whose form nobody knows is taken for the prompt as a whole.
    """
    found = list(_json(text, where, program) or _lines(text, where, program))
    if not any(one.kind == "provenance.prompt" for one in found) and legible(text):
        found.insert(0, finding("provenance.prompt", where, legible(text)))
    if not any(one.kind == "provenance.ai_generated" for one in found):
        found.append(finding("provenance.ai_generated", where, program or "a generator"))
    found += [
        finding("location.file_path", where, path) for path in paths_in(_UNESCAPED.sub(r"\\", text))
    ]
    return list(dict.fromkeys(found))


def recognised(text: str, where: str) -> list[Finding]:
    """Return what a text tells if it looks as only a generator's does, nothing otherwise."""
    text = _NAMED.sub("", text[:_MAX_NAME]) + text[_MAX_NAME:]
    if text.lstrip().startswith("{"):
        known = _tree(text) is not None and any(f'"{mark}"' in text for mark in _MARKS)
    else:
        known = bool(_SETTINGS.search(text) or _MIDJOURNEY.search(text))
    return told(text, where) if known else []


def _tree(text: str) -> _Node | None:
    """Return the map that a text holds as JSON, None where it holds none."""
    if len(text) > _MAX_JSON:
        return None
    try:
        tree = json.loads(text.rstrip("\0"))
    except (ValueError, RecursionError):
        return None
    return {"": tree} if isinstance(tree, list) else tree if isinstance(tree, dict) else None


def _lines(text: str, where: str, program: str) -> Iterator[Finding]:
    """Read prompt, negative prompt and settings below each other, and Midjourney's single line."""
    if job := _JOB.search(text):
        yield finding("device.unique_id", where, f"Midjourney job {job[1]}")
        text = text[: job.start()]
        program = program or "Midjourney"
    elif _MIDJOURNEY.search(text):
        program = program or "Midjourney"
    settings = _SETTINGS.search(text)
    words = text[: settings.start()] if settings else text
    wanted, *rest = _NEGATIVE.split(words, maxsplit=1)
    unwanted = "".join(rest)
    if program == "InvokeAI":
        wanted = _FLAGS.sub("", wanted).strip().strip('"')
    yield from _prompts([wanted], [unwanted], where)
    facts = dict(_SETTING.findall(text, settings.start())) if settings else {}
    if "User" in facts:
        yield finding("person.author", where, legible(facts["User"]))
    made = program or ("Stable Diffusion" if settings else "a generator")
    yield from _generated(where, made, facts.get("Model", ""), facts.get("Version", ""))


def _prompts(wanted: list[str], unwanted: list[str], where: str) -> Iterator[Finding]:
    for text in dict.fromkeys(filter(None, map(legible, wanted))):
        yield finding("provenance.prompt", where, text)
    for text in dict.fromkeys(filter(None, map(legible, unwanted))):
        yield finding("provenance.prompt", where, f"not wanted: {text}")


def _generated(where: str, program: str, model: str, version: str = "") -> Iterator[Finding]:
    made = ", ".join(filter(None, (legible(generator(program)), legible(model))))
    yield finding("provenance.ai_generated", where, made)
    if version:
        yield finding("device.software", where, legible(version))


def _json(text: str, where: str, program: str) -> list[Finding]:
    """Read a map of settings, or a graph whose nodes hold them."""
    tree = _tree(text)
    if tree is None:
        return []
    nodes = list(_nodes(tree))
    keys = {key for node in nodes for key in node}
    made = program or next((name for key, name in _PROGRAMS.items() if key in keys), "")
    wanted, unwanted = _of_graph(nodes)
    wanted = wanted or _of_workflow(nodes)
    if not wanted:
        wanted = _first(nodes, _WANTED)
        unwanted = _first(nodes, _UNWANTED)
    found = list(_prompts(wanted[:_MAX_PROMPTS], unwanted[:_MAX_PROMPTS], where))
    if wanted or made:
        model = next(iter(_first(nodes, _MODELS)), "")
        found += _generated(where, made or "a generator", model)
    for name in _first(nodes, _AUTHORS):
        found.append(finding("person.author", where, legible(name)))
    return found


def _nodes(tree: object) -> Iterator[_Node]:
    """Yield the maps in a tree, also those that stand in it as text."""
    waiting = [tree]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, str) and node.startswith("{"):
            node = _tree(node)
        if isinstance(node, dict):
            yield node
            waiting += reversed(list(node.values()))
        elif isinstance(node, list):
            waiting += reversed(node)


def _first(nodes: list[_Node], keys: tuple[str, ...]) -> list[str]:
    """Return the different texts under the first of the keys that has any."""
    for key in keys:
        texts = dict.fromkeys(
            text for node in nodes if isinstance(text := node.get(key), str) and text.strip()
        )
        if texts:
            return sorted(texts, key=len, reverse=True)
    return []


def _of_graph(nodes: list[_Node]) -> tuple[list[str], list[str]]:
    """Return what a graph's samplers are told to show and not to show."""
    graph = next((node for node in nodes if _is_graph(node)), {})
    wanted: list[str] = []
    unwanted: list[str] = []
    for node in graph.values():
        inputs = node.get("inputs") if isinstance(node, dict) else None
        if isinstance(inputs, dict):
            wanted += _behind(graph, inputs.get("positive"))
            unwanted += _behind(graph, inputs.get("negative"))
    return list(dict.fromkeys(wanted)), list(dict.fromkeys(unwanted))


def _of_workflow(nodes: list[_Node]) -> list[str]:
    """Return the words in the boxes of a graph as its editor saves it, wanted and not."""
    boxes = (
        node["widgets_values"]
        for node in nodes
        if "TextEncode" in str(node.get("type")) and "widgets_values" in node
    )
    texts = (box[0] for box in boxes if isinstance(box, list) and box)
    return list(dict.fromkeys(text for text in texts if isinstance(text, str) and text.strip()))


def _is_graph(node: _Node) -> bool:
    return any(isinstance(one, dict) and "class_type" in one for one in node.values())


def _behind(graph: _Node, link: object, depth: int = 0) -> list[str]:
    """Return the texts that a link leads to, through the nodes between."""
    if not isinstance(link, list) or not link or depth > _MOST_LINKS:
        return []
    node = graph.get(str(link[0]))
    inputs = node.get("inputs") if isinstance(node, dict) else None
    if not isinstance(inputs, dict):
        return []
    texts = [one for key in _TEXTS if isinstance(one := inputs.get(key), str) and one.strip()]
    if texts:
        return texts
    for one in inputs.values():
        if texts := _behind(graph, one, depth + 1):
            return texts
    return []
