"""Keys and tokens that open accounts.

The prefixes and lengths are those of the rules of gitleaks 8 (MIT, see NOTICE), as of July 2026,
for what is often seen on screens. Lengths are a lower bound here, as a line may be cut off, and an
underscore may have been read as a space, or a space between two characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.link import entropy
from unexposed.vision.text.judges.match import Match, of

_ = "[_ ]?"

# Whose it is -> prefix and what follows.
_KEYS: dict[str, str] = {
    "1Password": r"(?:A3-[A-Z0-9]{6}-[A-Z0-9-]{20,}|ops_eyJ[\w+/]{40,})",
    "age": r"AGE-SECRET-KEY-1[A-Z0-9]{40,}",
    "Airtable": r"pat[A-Za-z0-9]{14}\.[a-f0-9]{32,}",
    "Alibaba": r"LTAI[A-Za-z0-9]{20}",
    "Anthropic": r"sk-ant-(?:api|admin)\d\d-[\w-]{40,}",
    "AWS": r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}",
    "Azure": r"AccountKey=[\w+/=]{60,}|[\w~.]{3}\dQ~[\w~.-]{31,34}",
    "Brevo": r"xkeysib-[a-f0-9]{40,}-[a-z0-9]{16}",
    "Databricks": r"dapi[a-f0-9]{32}",
    "DigitalOcean": rf"do[opr]{_}v1{_}[a-f0-9]{{40,}}",
    "Discord": r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,}",
    "Doppler": r"dp\.pt\.[A-Za-z0-9]{40,}",
    "Facebook": r"EAA[MC][A-Za-z0-9]{60,}",
    "GitHub": rf"(?:gh[opusr]{_}[0-9A-Za-z]{{30,}}|github{_}pat{_}\w{{40,}})",
    "GitLab": r"gl(?:pat|dt|ft|soat|rt|ptt|agent|imt|cbt)-(?:[\w-] ?){19}[\w-]+",
    "Google": r"(?:A[Il1|]za(?:[\w-] ?){32}[\w-]+|ya29\.[\w-]{30,}|GOCSPX-[\w-]{24,})",
    "Grafana": rf"gl(?:sa|c){_}[A-Za-z0-9+/]{{32,}}",
    "Heroku": r"HRKU-AA[\w-]{50,}",
    "Hugging Face": rf"(?:hf|api{_}org){_}[A-Za-z]{{30,}}",
    "Linear": rf"lin{_}api{_}[A-Za-z0-9]{{32,}}",
    "Mailchimp": r"[a-f0-9]{32}-us\d{1,2}",
    "Mailgun": r"key-[a-f0-9]{32}",
    "New Relic": r"NR(?:AK|JS|II)-[A-Za-z0-9-]{19,}",
    "Notion": rf"ntn{_}[0-9]{{11}}[A-Za-z0-9]{{30,}}",
    "npm": rf"npm{_}[A-Za-z0-9]{{34,}}",
    "OpenAI": r"sk-(?:(?:proj|svcacct|admin)-[\w-]{40,}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})",
    "Perplexity": r"pplx-[A-Za-z0-9]{40,}",
    "PlanetScale": rf"pscale{_}(?:tkn|oauth|pw){_}[\w=.-]{{32,}}",
    "Postman": r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}",
    "Pulumi": r"pul-[a-f0-9]{40}",
    "PyPI": r"pypi-AgE[\w-]{40,}",
    "RubyGems": rf"rubygems{_}[a-f0-9]{{40,}}",
    "SendGrid": r"SG\.[\w-]{20,24}\.[\w-]{39,}",
    "Sentry": rf"sntry[su]{_}[\w+/=]{{40,}}",
    "Shopify": rf"shp(?:at|ca|pa|ss){_}[a-fA-F0-9]{{32}}",
    "Slack": r"(?:xox[abeoprs]-[\w-]{16,}|xapp-\d-[\w-]{20,})",
    "Square": r"(?:EAAA[\w-]{40,}|sq0(?:atp|csp)-[\w-]{22,})",
    "Stripe": rf"(?:sk|rk){_}(?:live|test|prod){_}[A-Za-z0-9]{{16,}}|whsec{_}[A-Za-z0-9+/]{{24,}}",
    "Telegram": r"\d{8,10}:A[\w-]{33,35}",
    "Twilio": r"(?:SK|AC)[a-f0-9]{32}",
    "Vault": r"hv[sb]\.[\w-]{40,}",
    "a signed token": r"ey[A-Za-z0-9]{15,}\.ey[\w/-]{15,}(?:\.[\w/-]{6,}={0,2})?",
}  # fmt: skip

_KEY = re.compile(
    r"(?<![A-Za-z0-9_-])(?:" + "|".join(f"(?:{shape})" for shape in _KEYS.values()) + ")"
)
_PRIVATE = re.compile(
    r"(?:- ?){0,5}BEGIN {0,2}(?:[A-Z0-9]{2,9} {0,2}){0,3}PRIVATE {0,2}KEY(?: {0,2}BLOCK)?[ -]*"
)
_NAMED = re.compile(
    r"(?:api|access|secret|private|client|auth|bearer|encryption|signing|consumer|account|webhook|refresh|app|license)"
    r"[_ -]?(?:key|token|secret|id[_ ]?secret)[\"']?\s?(?:[:=]|=>|:=)\s?[\"'“]?(?P<value>[\w/+.~-]{16,}={0,2})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(?:Bearer|Basic) (?P<value>[\w/+.~-]{20,}={0,2})")


def find(text: str) -> Iterator[Match]:
    """Yield the keys and tokens in a text."""
    for pattern in (_PRIVATE, _KEY):
        for found in pattern.finditer(text):
            yield of("content.text.secret", found)
    for pattern in (_NAMED, _BEARER):
        for found in pattern.finditer(text):
            value = found["value"]
            if any(c.isdigit() for c in value) and entropy(value) > 3.2:
                yield of("content.text.secret", found, "value")
