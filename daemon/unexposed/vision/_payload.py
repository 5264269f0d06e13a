"""What a code holds -> its kind, and as much of it as a person needs to recognise it.

Secrets are named and never repeated: what is found is kept in the daemon's ledger.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from unexposed.vision._boarding_pass import boarding_pass

MAX_SHOWN = 80
"""Characters of a code's content that are told at most."""


class Payload(NamedTuple):
    """What was read from a code; `binary` when its bytes are no text."""

    text: str
    data: bytes
    symbology: str
    binary: bool


def told_by(payload: Payload) -> tuple[str, str]:
    """Return the kind of what a code holds, and words by which a person recognises it."""
    text = payload.text.strip("\ufeff \r\n\t")
    if _is_ticket(payload):
        return "content.code.ticket", "a ticket of a railway or transport association"
    if boarding := boarding_pass(text):
        return "content.code.boarding_pass", _short(boarding)
    if not payload.binary:
        for kind, pattern, words in _LANGUAGES:
            if pattern.match(text):
                return kind, _short(words(text))
    if payload.binary or not text:
        return "content.code", f"{payload.symbology} with {len(payload.data)} bytes"
    return "content.code", _short(f"{payload.symbology}: {text}")


def _is_ticket(payload: Payload) -> bool:
    """UIC 918.3 and 918.9 begin with their name; VDV-KA with the tag of a signature, its name behind it.

    Any other Aztec code of bytes is one as well: nothing else is printed that way.
    """
    data = payload.data
    if data.startswith((b"#UT", b"OTI")):
        return True
    if data.startswith(b"\x9e\x81") and b"VDV" in data:
        return True
    return payload.binary and payload.symbology.startswith("Aztec")


def _short(text: str) -> str:
    """Return text on one line, cut where it is longer than is told."""
    line = "".join(one if one.isprintable() else " " for one in text)
    line = " ".join(line.split())
    return line if len(line) <= MAX_SHOWN else line[: MAX_SHOWN - 1] + "…"


def _field(text: str, pattern: str) -> str:
    """Return the first group of a pattern, the characters that its language escapes as they are."""
    found = re.search(pattern, text, re.IGNORECASE)
    return re.sub(r"\\(.)", r"\1", found[1]).strip() if found else ""


def _wifi(text: str) -> str:
    name = _field(text, r"[:;]S:((?:\\.|[^;\\])*)")
    return f"the network “{name}”" if name else "a network"


def _vcard(text: str) -> str:
    name = _field(text, r"[\r\n]FN[^:\r\n]*:([^\r\n]*)")
    if not name:
        family, _, rest = _field(text, r"[\r\n]N[^:\r\n]*:([^\r\n]*)").partition(";")
        name = f"{rest.split(';')[0]} {family}"
    return name.strip() or "somebody"


def _mecard(text: str) -> str:
    return _field(text, r"[:;]N:((?:\\.|[^;\\])*)") or "somebody"


def _address(text: str) -> str:
    """Return whom a mailto:, tel: or sms: reaches."""
    return unquote(text.partition(":")[2]).partition("?")[0].partition(":")[0].strip("/")


def _link(text: str) -> str:
    """Return host and path; what is behind the question mark may be somebody's key."""
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host = parts.hostname or ""
    except ValueError:
        return "a link"
    return host + parts.path.rstrip("/") + ("?…" if parts.query else "")


def _otp(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        return "login codes"
    if parts.scheme.endswith("migration"):
        return "login codes of several accounts, as an authenticator exports them"
    return f"login codes of {unquote(parts.path.strip('/')) or 'an account'}"


def _transfer(text: str) -> str:
    """EPC069-12: one field a line, the creditor's name on the sixth and the account on the seventh."""
    lines = [*text.splitlines(), *[""] * 8]
    return _to(lines[5], lines[6])


def _swiss_bill(text: str) -> str:
    """Swiss QR-bill: the account on the fourth line, the creditor's name on the sixth."""
    lines = [*text.splitlines(), *[""] * 8]
    return _to(lines[5], lines[3])


def _to(name: str, account: str) -> str:
    whom = name.strip() or "somebody"
    return f"to {whom}, account ending in {account[-4:]}" if len(account) > 8 else f"to {whom}"


def _merchant_code(text: str) -> str:
    """EMV's merchant-presented codes, PIX among them: tag, length and value, each length two digits."""
    at, fields = 0, {}
    while (length := text[at + 2 : at + 4]).isascii() and length.isdigit():
        fields[text[at : at + 2]] = text[at + 4 : at + 4 + int(length)]
        at += 4 + int(length)
    system = "PIX to" if "br.gov.bcb.pix" in text.lower() else "to"
    return f"{system} {fields.get('59', '').strip() or 'a merchant'}"


def _coin(text: str) -> str:
    scheme, _, rest = text.partition(":")
    address = rest.strip("/").partition("?")[0]
    shown = address if len(address) <= 14 else f"{address[:6]}…{address[-4:]}"
    return f"{scheme.lower()} {shown}"


_Words = Callable[[str], str]


def _language(kind: str, pattern: str, words: _Words | str) -> tuple[str, re.Pattern[str], _Words]:
    say = (lambda _: words) if isinstance(words, str) else words
    return kind, re.compile(pattern, re.IGNORECASE | re.DOTALL), say


_COINS = "bitcoin|bitcoincash|cardano|dash|dogecoin|ethereum|lightning|litecoin|monero|ripple|solana|tron|zcash"

# How contents begin: kind, pattern, and what is told of such a content. The first that fits counts.
_LANGUAGES: tuple[tuple[str, re.Pattern[str], _Words], ...] = (
    _language("content.code.wifi", r"WIFI:", _wifi),
    _language("content.code.otp", r"otpauth(-migration)?://", _otp),
    _language("content.code.contact", r"BEGIN:VCARD", _vcard),
    _language("content.code.contact", r"(MECARD|BIZCARD):", _mecard),
    _language("content.code.contact", r"(mailto|tel|sms|smsto|facetime|matmsg):", _address),
    _language("content.code.payment", r"BCD\r?\n00[12]\r?\n", _transfer),
    _language("content.code.payment", r"SPC\r?\n0[0-9]{3}\r?\n", _swiss_bill),
    _language("content.code.payment", r"000201.*6304[0-9A-F]{4}$", _merchant_code),
    _language("content.code.payment", rf"({_COINS}):", _coin),
    _language("content.code.payment", r"lnbc[0-9a-z]{20}", "a bill in bitcoin's Lightning network"),
    _language("content.code.payment", r"bc1[0-9a-z]{25,87}$", lambda text: _coin(f"bitcoin:{text}")),
    _language("content.code.payment", r"0x[0-9a-f]{40}$", lambda text: _coin(f"ethereum:{text}")),
    _language("content.code.payment", r"(SPD\*1\.0|ST0001[0-9]\||upi://pay|payto://)", "a transfer"),
    _language("content.code.identity", r"@\n.{0,4}ANSI ?[0-9]{6}", "a driving licence"),
    _language("content.code.identity", r"HC1:|shc:/", "a health certificate"),
    _language("content.code.link", r"(https?://|www\.)\S", _link),
    _language("content.code", r"geo:-?[0-9]", "coordinates"),
    _language("content.code", r"BEGIN:(VCALENDAR|VEVENT)", "an entry for a calendar"),
    _language("content.code", r"LPA:1\$", "the activation of a mobile contract"),
    _language("content.code", r"(MT:|X-HM://)", "the key that adds a device of a home"),
)  # fmt: skip
