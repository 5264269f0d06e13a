"""Badges and name plates: a name with a role, a number, or the words that introduce one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of

_NAME = r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Herr|Frau)\.? )?[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ’'-]+(?: [A-Z]\.)?(?: (?:van|von|de|der|den|da|di|la|le|bin|al))*(?: [A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ’'-]+){1,2}"
_CAPITALS = r"[A-ZÀ-ÖØ-Þ]{2,}(?: [A-Z]\.)?(?: [A-ZÀ-ÖØ-Þ’'-]{2,}){1,2}"
_ROLES = (
    "Engineer|Developer|Manager|Director|Officer|Analyst|Consultant|Designer|Architect|Technician|Assistant|Administrator"
    "|Intern|Trainee|Student|Employee|Staff|Visitor|Guest|Speaker|Press|Attendee|Volunteer|Exhibitor|Organi[sz]er|Crew"
    "|Contractor|Security|Nurse|Doctor|Physician|Surgeon|Paramedic|Teacher|Professor|Driver|Pilot|Cashier|Supervisor"
    "|Coordinator|Specialist|Representative|Secretary|President|CEO|CTO|CFO|COO|Founder|Researcher|Scientist|Delegate"
    "|Mitarbeiter(?:in)?|Besucher(?:in)?|Gast|Ingenieur(?:in)?|Visiteur|Employ[ée]e?|Invitado|Empleado|Dipendente|Ospite"
)
_WITH_ROLE = re.compile(
    rf"^\W{{0,3}}(?P<value>(?:{_NAME}|{_CAPITALS})\s{{0,3}}\n\s{{0,3}}(?:[A-Z][\w&-]* ){{0,3}}(?i:{_ROLES})\b(?: [\w&,-]+){{0,3}})\W{{0,3}}$"
)
_WITH_NUMBER = re.compile(
    rf"^\W{{0,3}}(?P<value>(?:{_NAME}|{_CAPITALS})\s{{0,3}}\n\s{{0,3}}(?i:(?:employee|staff|badge|student|member|visitor|personal|matrikel|mitarbeiter|card)[ -]?)"
    r"(?i:id|no|nr|number|nummer)?\W{0,4}[A-Z]{0,3}-?\d{3,10})\W{0,3}$"
)
_INTRODUCED = re.compile(
    r"(?i:hello,?\s+my\s+name\s+is)\s+(?P<value>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2})"
)


def find(text: str) -> Iterator[Match]:
    """Yield what names a person together with what they do; lines are told apart by line feeds."""
    for pattern in (_WITH_ROLE, _WITH_NUMBER, _INTRODUCED):
        for found in pattern.finditer(text):
            yield of("content.text.badge", found, "value")
