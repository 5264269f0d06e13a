"""C2PA: a signed record of who made a picture, with what, and from which pictures.

The boxes are not read one by one yet: their plain strings tell the essentials.
Source: C2PA Technical Specification 2.1, "Claims" and "Embedding manifests"; RFC 8949 section 3.
"""

from __future__ import annotations

import re
from itertools import islice

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.legible import legible, size_in_words

LANGUAGES = ("c2pa",)

_MAX_SCAN = 4 << 20
_MAX_FOUND = 8
_MAX_MATCHES = 1_000

# A CBOR text string of up to 255 bytes behind the key that names it.
_STRING = rb"(?:(?P<short>[\x60-\x77])|\x78(?P<length>.))"
_GENERATOR = re.compile(
    rb"(?:claim_generator|softwareAgent|claim_generator_info\x81?[\xa1-\xb7]dname)" + _STRING,
    re.DOTALL,
)
_NAMED = re.compile(rb"(?<=[\xa1-\xbf])dname" + _STRING, re.DOTALL)
# An X.509 name: the organisation (2.5.4.10) and the common name (2.5.4.3) as short DER strings.
_ISSUER = re.compile(
    rb"\x06\x03\x55\x04[\x0a\x03][\x0c\x13](?P<short>)(?P<length>[\x01-\x7f])", re.DOTALL
)
_TRAINED = b"trainedAlgorithmicMedia"


def read(block: Block) -> list[Finding]:
    """Return that there is a C2PA record, and which programs and signers it names."""
    data, where = block.payload[:_MAX_SCAN], block.where
    programs = _told(_GENERATOR, data) or _told(_NAMED, data)
    signers = _told(_ISSUER, data)
    told = [size_in_words(block.size)]
    if programs:
        told.append("made with " + ", ".join(programs))
    if signers:
        told.append("signed by " + ", ".join(signers))
    found = [finding("provenance.c2pa", where, "; ".join(told))]
    if _TRAINED in data:
        found.append(finding("provenance.ai_generated", where, _TRAINED.decode()))
    return found


def _told(pattern: re.Pattern[bytes], data: bytes) -> list[str]:
    """Return the different strings that stand behind the matches; the match tells their length."""
    found: dict[str, None] = {}
    for match in islice(pattern.finditer(data), _MAX_MATCHES):
        short, length = match["short"], match["length"]
        size = short[0] - 0x60 if short else length[0]
        if text := legible(data[match.end() : match.end() + size]):
            found[text] = None
        if len(found) >= _MAX_FOUND:
            break
    return list(found)
