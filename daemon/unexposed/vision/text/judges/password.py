"""Passwords: what stands behind a word that says so, of a network or an account, and login codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of

_WORDS = (
    r"(?:pass ?(?:word|phrase|code|wort)|passwd|pwd|passwort|kennwort|mot de passe|contrase[ñn]a|clave|senha"
    r"|palavra[ -]passe|wachtwoord|has[łl]o|l[öo]senord|adgangskode|passord|salasana|heslo|parola|[şs]ifre|jelsz[óo]"
    r"|lozinka|geslo|slapta[žz]odis|parole|密码|密碼|パスワード|暗証番号"
    r"|(?:wi-?fi|wlan|network|netzwerk|wpa[23]?|wep|router|security|sicherheits)[ -]?(?:key|code|schl[üu]sse[l1I|]|pw|pass)"
    r"|pre-?shared key|psk|cl[ée] (?:wi-?fi|wpa)|recovery (?:key|code))"
)
_WITH_COLON = re.compile(
    rf"(?<![A-Za-z]){_WORDS}(?: ?\([^)]{{1,20}}\))?[\"']? ?(?:[:：=]|\bis\b|->|→)\s{{0,3}}[\"'“]?(?P<value>[^\s\"'“”]{{4,64}})",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"^\W{{0,3}}[^:：]{{0,24}}?{_WORDS}\s+(?P<value>[^\s\"'“”:：]{{6,64}})\s*$", re.IGNORECASE
)
_PIN = re.compile(
    r"\b(?:pin|puk|wps pin|access code|door code|gate code|alarm code|zugangscode|t[üu]rcode)(?: ?code)? ?(?:[:：=]|\bis\b)\s{0,3}#?(?P<value>\d{4,8}#?)(?!\w)",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"\b(?:verification|security|login|log-in|sign-in|one[- ]time|confirmation|authentication|2fa|access|best[äa]tigungs|v[ée]rification|verificaci[óo]n)"
    r"[ -]?(?:pass)?code\b[^\d\n]{0,24}(?P<value>(?:G-)?\d{3}[ -]?\d{1,5})(?![\d.])"
    r"|\b(?P<before>(?:G-)?\d{3}[ -]?\d{3}) (?:is|ist|est|es) (?:your|dein|ihr|votre|tu|su) [\w ]{0,24}(?:code|c[óo]digo)",
    re.IGNORECASE,
)
_WIFI = re.compile(r"WIFI:[^\n]{0,80}?P:(?P<value>[^;\s]{4,63})", re.IGNORECASE)

_LABEL = re.compile(
    r"\bSSID\b[\s\S]{1,60}?\b(?:key|pw|schl[üu]ssel|clave|cl[ée])\s?[:：=]\s{0,3}(?P<value>[^\s\"'“”]{8,63})",
    re.IGNORECASE,
)
"""The label on a router: the network's name, and beside or below it a key that is called just that."""

_HIDDEN = re.compile(r"[*•●∙·.x_\-–—…○◦?]+")
_DOT = re.compile(r"[•●∙]")
"""What no keyboard writes: among such, letters are dots that were misread."""

_NO_PASSWORDS = {
    "required", "incorrect", "reset", "change", "changed", "protected", "must", "should", "forgot", "forgotten",
    "invalid", "expired", "hidden", "none", "null", "true", "false", "manager", "managers", "strength", "confirm",
    "show", "hide", "enter", "optional", "wrong", "missing", "security", "settings", "generator", "policy", "weak",
    "strong", "below", "above", "your", "their", "with", "from", "please", "this", "that", "these", "string",
    "text", "requirements", "recovery", "needed", "only", "erforderlich", "vergessen", "oublié", "olvidada",
    "correct", "encrypted", "stored", "sent", "case-sensitive", "minimum", "length", "very", "also", "empty",
}  # fmt: skip


def find(text: str) -> Iterator[Match]:
    """Yield the passwords and codes in a text."""
    for pattern in (_WITH_COLON, _LABEL):
        for found in pattern.finditer(text):
            if not _plain(found["value"]):
                yield of("content.text.password", found, "value")
    for found in _BESIDE.finditer(text):
        value = found["value"]
        if not _plain(value) and _kinds(value) >= 2:
            yield of("content.text.password", found, "value")
    for pattern in (_PIN, _WIFI):
        for found in pattern.finditer(text):
            yield of("content.text.password", found, "value")
    for found in _ONCE.finditer(text):
        yield of("content.text.password", found, "value" if found["value"] else "before")


def _plain(value: str) -> bool:
    """Tell whether the value is dots in place of a password, or a word of a sentence about one."""
    bare = value.strip(".,;:!?()[]<>{}")
    return (
        len(bare) < 4
        or _HIDDEN.fullmatch(bare) is not None
        or _DOT.search(bare) is not None
        or bare.lower() in _NO_PASSWORDS
    )


def _kinds(value: str) -> int:
    inner = value.strip(".,;:!?()[]")
    return (
        any(c.isdigit() for c in inner)
        + any(c.isalpha() for c in inner)
        + any(not c.isalnum() and c not in "-_'/" for c in inner)
    )
