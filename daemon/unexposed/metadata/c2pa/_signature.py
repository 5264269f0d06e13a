"""Who signed a record, and when: a COSE signature with its certificates and its time stamp.

Sources: RFC 9052 section 4.2 (COSE_Sign1); RFC 9360 (x5chain); C2PA Technical Specification 2.1,
"Time-stamps"; RFC 5280 section 4.1 and ITU-T X.690 for certificates; RFC 3161 for time stamps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from unexposed.metadata.c2pa import _values as values
from unexposed.metadata.legible import legible
from unexposed.metadata.times import moment

_CHAIN: Final = (33, "x5chain")
_STAMPS: Final = ("sigTst2", "sigTst")
_PROTECTED, _UNPROTECTED, _PAYLOAD = 0, 1, 2
_PARTS: Final = 4

_SEQUENCE, _SET, _OBJECT, _VERSION = 0x30, 0x31, 0x06, 0xA0
_TEXTS: Final = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
"""Type of a string in DER -> how it is encoded."""
_NAME, _ORGANISATION, _SERIAL = b"\x55\x04\x03", b"\x55\x04\x0a", b"\x55\x04\x05"
_ADDRESS: Final = bytes.fromhex("2a864886f70d010901")
_SUBJECT: Final = 4
"""Which field of a certificate is its subject; serial number, algorithm, issuer, time go before."""
_MOST: Final = 100

# The content of a time stamp (1.2.840.113549.1.9.16.1.4), and in it the first time.
_STAMPED: Final = re.compile(
    rb"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04"
    rb".{0,400}?\x18[\x0f-\x17](\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,7})?Z",
    re.DOTALL,
)


class Signature(msgspec.Struct, frozen=True):
    """Names in the signing certificate, the time in the stamp, and what was signed."""

    name: str = ""
    organisation: str = ""
    serial: str = ""
    address: str = ""
    time: str = ""
    payload: bytes = b""

    @property
    def signer(self) -> str:
        """Name and organisation as one text."""
        return ", ".join(dict.fromkeys(filter(None, (self.name, self.organisation))))


def read(data: bytes) -> Signature | None:
    """Return what a signature tells, None where it is none."""
    parts = values.from_cbor(data)
    if not isinstance(parts, list | tuple) or len(parts) != _PARTS:
        return None
    protected = parts[_PROTECTED]
    headers = [
        values.fields(values.from_cbor(protected) if isinstance(protected, bytes) else None),
        values.fields(parts[_UNPROTECTED]),
    ]
    payload = parts[_PAYLOAD] if isinstance(parts[_PAYLOAD], bytes) else b""
    chain = next((own[key] for own in headers for key in _CHAIN if key in own), None)
    certificate = next((one for one in values.items(chain) if isinstance(one, bytes)), b"")
    subject = _subject(certificate)
    return Signature(
        name=subject.get(_NAME, ""),
        organisation=subject.get(_ORGANISATION, ""),
        serial=subject.get(_SERIAL, ""),
        address=subject.get(_ADDRESS, ""),
        time=next((when for own in headers for when in _stamps(own)), ""),
        payload=payload,
    )


def _stamps(header: values.Fields) -> Iterator[str]:
    for key in _STAMPS:
        for token in values.items(values.fields(header.get(key)).get("tstTokens")):
            stamp = values.fields(token).get("val")
            if isinstance(stamp, bytes) and (match := _STAMPED.search(stamp)):
                year, month, day, hour, minute, second = (part.decode() for part in match.groups())
                yield moment(f"{year}-{month}-{day} {hour}:{minute}:{second}Z")


def _subject(certificate: bytes) -> dict[bytes, str]:
    """Return the subject's names by their object identifiers."""
    inner = next((one for kind, one in _elements(certificate) if kind == _SEQUENCE), b"")
    signed = next((one for kind, one in _elements(inner) if kind == _SEQUENCE), b"")
    every = [one for kind, one in _elements(signed) if kind != _VERSION]
    found: dict[bytes, str] = {}
    for _, relative in _elements(every[_SUBJECT] if len(every) > _SUBJECT else b""):
        for _, pair in _elements(relative):
            told = list(_elements(pair))
            if len(told) > 1 and told[0][0] == _OBJECT and told[1][0] in _TEXTS:
                kind, raw = told[1]
                found.setdefault(told[0][1], legible(raw.decode(_TEXTS[kind], "replace")))
    return found


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and content of elements in DER, up to the first that is none."""
    at = 0
    for _ in range(_MOST):
        if len(data) - at < 2:
            return
        size, start = data[at + 1], at + 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(data[at + 2 : start]) if start - at <= 6 else len(data)
        if start + size > len(data):
            return
        yield data[at], data[start : start + size]
        at = start + size
