"""Where a file came from, as the system noted it beside the file: extended attributes.

Sources: freedesktop.org's common extended attributes; Apple's kMDItemWhereFroms and
com.apple.quarantine; Microsoft's Zone.Identifier stream ([MS-FSCC] 5.6.1).
"""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.legible import legible, size_in_words

LANGUAGES = ("attribute",)

_TEXTS: Final = {
    "user.xdg.origin.url": "history.origin",
    "user.xdg.referrer.url": "history.origin",
    "user.xdg.origin.email.from": "history.origin",
    "user.xdg.origin.email.subject": "history.origin",
    "user.xdg.creator": "device.software",
    "user.xdg.publisher": "history.origin",
    "user.xdg.comment": "person.caption",
    "user.xdg.tags": "person.caption",
    "user.dublincore.creator": "person.author",
    "user.dublincore.title": "person.caption",
    "user.dublincore.description": "person.caption",
    "user.dublincore.source": "history.origin",
}
"""Attribute -> the kind of what it says, as text."""

_PROPERTY_LISTS: Final = {
    "kMDItemWhereFroms": "history.origin",
    "kMDItemFinderComment": "person.caption",
    "kMDItemUserTags": "person.caption",
    "_kMDItemUserTags": "person.caption",
}
_MAX_TEXTS: Final = 8
_ZONE: Final = re.compile(rb"(?im)^(?:HostUrl|ReferrerUrl|HostIpAddress)=(\S+)")


def read(block: Block) -> list[Finding]:
    """Return what one attribute tells; `label` is its name."""
    name = block.label
    apple = name.removeprefix("user.").removeprefix("com.apple.metadata:")
    if kind := _TEXTS.get(name):
        texts: Iterator[str] = iter([legible(block.payload)])
    elif kind := _PROPERTY_LISTS.get(apple):
        texts = _property_list(block.payload)
    elif name.removeprefix("user.") == "com.apple.quarantine":
        kind, texts = "history.origin", _quarantine(block.payload)
    elif name.removeprefix("user.") == "Zone.Identifier":
        kind = "history.origin"
        texts = (legible(unquote(found[1].decode("latin-1"))) for found in _zones(block.payload))
    else:
        return [finding("hidden.metadata", block.where, size_in_words(block.size))]
    told = dict.fromkeys(text for text in texts if text)
    return [finding(kind, block.where, text) for text in list(told)[:_MAX_TEXTS]]


def _zones(payload: bytes) -> Iterator[re.Match[bytes]]:
    return _ZONE.finditer(payload.replace(b"\r", b""))


def _property_list(payload: bytes) -> Iterator[str]:
    """Yield the texts of a property list: one, or a row of them."""
    try:
        value = plistlib.loads(payload)
    except Exception:  # of any kind where it is damaged; its letters are told then
        value = legible(payload)
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield legible(one)


def _quarantine(payload: bytes) -> Iterator[str]:
    """Yield the program that downloaded the file: flags;time;program;identifier."""
    fields = payload.decode("utf-8", "replace").split(";")
    if len(fields) > 2:
        yield f"downloaded with {legible(fields[2])}" if fields[2].strip() else ""
