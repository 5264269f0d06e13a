"""Addresses in a network: IPv4, IPv6 and MAC.

Private addresses count, as they tell how a network at home is laid out; those that every
machine has, masks, and the best known public resolvers do not.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of, told

_V4 = re.compile(r"(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w]|\.\d)")
_V6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_MAC = re.compile(
    r"(?<![\w:-])[0-9a-fo]{2}(?P<by>[:-])(?:[0-9a-fo]{2}(?P=by)){4}[0-9a-fo]{2}(?![\w:-])",
    re.IGNORECASE,
)

_VERSIONS = re.compile(
    r"(?:\bv|ver(?:sion|\.)?|build|release|firmware|driver|update|rev|§|section|chapter|oid)\W{0,3}$",
    re.IGNORECASE,
)

_COMMON = {
    "8.8.8.8",
    "8.8.4.4",
    "1.1.1.1",
    "1.0.0.1",
    "9.9.9.9",
    "208.67.222.222",
    "208.67.220.220",
}


def find(text: str) -> Iterator[Match]:
    """Yield the addresses of machines in a text."""
    for found in _V4.finditer(text):
        if not told(text, found.start(), _VERSIONS, 12) and _telling(found[0]):
            yield of("content.text.network", found)
    for found in _V6.finditer(text):
        if found[0].count(":") >= 3 and any(c.isdigit() for c in found[0]) and _telling(found[0]):
            yield of("content.text.network", found)
    for found in _MAC.finditer(text):
        if len(set(re.findall(r"[0-9a-fo]{2}", found[0].lower()))) > 1:
            yield of("content.text.network", found)


def _telling(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if text in _COMMON or address.is_loopback or address.is_unspecified or address.is_multicast:
        return False
    return not text.startswith(("255.", "0."))
