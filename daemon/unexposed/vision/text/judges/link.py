"""Links that open something private to whoever has them: signed, shared, or with a token within."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of

_URL = re.compile(
    r"(?<![\w@])(?:https?://|www\.|(?:[a-z0-9-]+\.){1,4}[a-z]{2,12}/)[^\s<>\"“”，。]+",
    re.IGNORECASE,
)

# Parameters that carry what opens a link, and the characters that make it more than a word.
_PARAMETERS = re.compile(
    r"[?&#;](?:[a-z0-9_-]*(?:token|sig|signature|secret|apikey|api_key|auth|passw(?:or)?d|jwt|session(?:id)?|sid|otp"
    r"|credential|invite|ticket|nonce|hash|oobcode|magic|reset|verify|confirm(?:ation)?|unlock|authuser_key)"
    r"|key|code|pwd|sig|st|tok|x-amz-signature)=(?P<value>[^&#\s]{4,})",
    re.IGNORECASE,
)
_SHORT = {"pwd", "passwd", "password", "otp"}

# Places where whoever has the link is let in.
_SHARED = re.compile(
    r"(?:(?:discord\.gg|discord\.com/invite|chat\.whatsapp\.com|join\.slack\.com/t/[\w-]+/shared_invite)/[\w~-]{6,}"
    r"|t\.me/(?:\+|joinchat/)[\w-]{10,}|z[o0]{2}m\.us/j/\d{9,11}|meet\.google\.com/[a-z]{3}-[a-z]{4}-[a-z]{3}"
    r"|teams\.microsoft\.com/l/meetup-join/\S{10,}|(?:docs|drive|sheets)\.google\.com/\S*/d/[\w-]{20,}"
    r"|drive\.google\.com/(?:drive/folders|open\?id=)[/]?[\w-]{20,}|dropbox\.com/(?:s|scl/f[io]|sh)/\w{10,}"
    r"|1drv\.ms/\w/\S{8,}|we\.tl/t-\w{8,}|hooks\.slack\.com/services/\S{20,}|photos\.app\.goo\.gl/\w{10,}"
    r"|icloud\.com/(?:photos|iclouddrive|sharedalbum)/\S{8,}|calendar\.google\.com/calendar/ical/\S+/private-\w+"
    r"|discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}|mega\.nz/(?:file|folder)/\w+#[\w-]{16,})",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"/(?:reset|password|verify|confirm|activate|invite|magic|unsubscribe|login|share|s|auth|accept)[\w-]*/(?P<value>[\w~.-]{16,})",
    re.IGNORECASE,
)
_WITH_PASSWORD = re.compile(
    r"(?<![\w])[a-z][a-z0-9+.-]{2,20}://[^\s:/@]+:(?!//)[^\s/@]{3,}@[\w.-]+\S*", re.IGNORECASE
)
_RANDOM = re.compile(r"[/=](?P<value>[A-Za-z0-9_-]{24,})")


def find(text: str) -> Iterator[Match]:
    """Yield the links in a text that hold what opens them."""
    for found in _WITH_PASSWORD.finditer(text):
        yield of("content.text.link", found)
    for found in _URL.finditer(text):
        if _private(found[0].rstrip(".,;:!?)]}'’")):
            yield of("content.text.link", found)


def _private(url: str) -> bool:
    if _SHARED.search(url):
        return True
    for found in _PARAMETERS.finditer(url):
        name = found[0][1:].partition("=")[0].lower()
        if name in _SHORT or (len(found["value"]) >= 8 and _mixed(found["value"])):
            return True
    if any(_mixed(found["value"]) for found in _ACTION.finditer(url)):
        return True
    return any(_random(found["value"]) for found in _RANDOM.finditer(url))


def _mixed(value: str) -> bool:
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _random(value: str) -> bool:
    """Tell whether a value is letters of both cases and digits in no order, and no words."""
    cases = (str.isdigit, str.islower, str.isupper)
    return all(any(map(case, value)) for case in cases) and entropy(value) > 3.7


def entropy(value: str) -> float:
    """Return the bits that each character of a value carries, by how often each comes."""
    counts = [value.count(c) / len(value) for c in set(value)]
    return -sum(share * math.log2(share) for share in counts)
