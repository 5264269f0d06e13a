"""Names of users as screens show them: in paths, at prompts, behind "signed in as"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of

_PLACES: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?<![\w.])/(?:home|Users)/(?P<value>[A-Za-z][\w.-]{1,31})(?=/|\s|$|[:\"'$#%])"),
    re.compile(r"[A-Z]: ?[\\/]Users[\\/](?P<value>[A-Za-z][\w. -]{1,31}?)(?=[\\/]|$|[>\"'])"),
    re.compile(r"(?:^|\[|\()(?P<value>[a-z_][a-z0-9_-]{1,31}@[A-Za-z][\w-]{1,40})(?=[: ][~/])"),
    re.compile(
        r"(?i:\b(?:signed|logged) in (?:as|with)|\bangemeldet als|\bconnect[ée] en tant que|\bsesi[óo]n iniciada como)\W{1,3}"
        r"(?P<value>@?\w[\w.-]+(?: [A-Z][\w.-]+)?)"
    ),
    re.compile(
        r"(?i:\b(?:user ?name|user|login|account|benutzername|nom d['’]utilisateur|usuario))\s?[:=]\s?(?P<value>@?[A-Za-z][\w.-]{2,31})(?![\w@])"
    ),
    re.compile(r"(?<![\w@./])(?P<value>@[A-Za-z_][\w.]{2,29}\w)(?![\w@/(])"),
)

_EVERYBODYS = {"shared", "public", "default", "root", "user", "username", "admin", "guest", "all", "name", "media",
               "import", "override", "param", "return", "property", "staticmethod", "classmethod", "everyone",
               "here", "channel", "font-face", "keyframes", "app"}  # fmt: skip


def find(text: str) -> Iterator[Match]:
    """Yield the names of users in a text."""
    for pattern in _PLACES:
        for found in pattern.finditer(text):
            if found["value"].lstrip("@").lower() not in _EVERYBODYS:
                yield of("content.text.account", found, "value")
