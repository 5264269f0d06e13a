"""National, health and tax numbers: their shape, their check digits, and the words before them.

A number whose check digits leave little to chance counts as it stands; others only where a word
before them says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from unexposed.vision.text.judges.match import Match, as_digits, as_letters, of, told

# Module of python-stdnum -> the shape as it is written. Alone they are as good as certain.
_ALONE: dict[str, str] = {
    "at.vnr": r"\d{4} (?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d",
    "be.nn": r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}",
    "br.cpf": r"\d{3}\.\d{3}\.\d{3}-\d{2}",
    "ch.ssn": r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}",
    "cl.rut": r"\d{1,2}\.\d{3}\.\d{3}-[\dKk]",
    "cn.ric": r"\d{17}[\dXx]",
    "cz.rc": r"\d{6}/\d{4}",
    "ee.ik": r"[1-6]\d{10}",
    "es.dni": r"\d{8}[ -]?[A-HJ-NP-TV-Z]",
    "es.nie": r"[XYZ][ -]?\d{7}[ -]?[A-HJ-NP-TV-Z]",
    "fi.hetu": r"\d{6}[-+A]\d{3}[0-9A-FHJ-NPR-Y]",
    "fr.nir": r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}",
    "in_.pan": r"[A-Z]{3}[ABCFGHLJPTK][A-Z]\d{4}[A-Z]",
    "kr.rrn": r"\d{6}-[1-4]\d{6}",
    "mx.curp": r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d",
    "my.nric": r"\d{6}-\d{2}-\d{4}",
    "no.fodselsnummer": r"\d{6} ?\d{5}",
    "pt.cc": r"\d{8} ?\d ?[A-Z]{2}\d",
    "ro.cnp": r"[1-8]\d{12}",
    "se.personnummer": r"(?:19|20)?\d{6}[-+]\d{4}",
    "si.emso": r"[0-3]\d[01]\d[09]\d{2}\d{6}",
    "th.pin": r"\d-\d{4}-\d{5}-\d{2}-\d",
    "us.ssn": r"\d{3}-\d{2}-\d{4}",
    "za.idnr": r"\d{6} ?\d{4} ?[01]\d{2}",
}  # fmt: skip

# The same for those that need a word.
_WITH_A_WORD: dict[str, str] = {
    "au.tfn": r"\d{3} ?\d{3} ?\d{2,3}",
    "bg.egn": r"\d{10}",
    "br.cpf": r"\d{11}",
    "ca.sin": r"\d{3}[ -]?\d{3}[ -]?\d{3}",
    "de.idnr": r"\d{2} ?\d{3} ?\d{3} ?\d{3}",
    "dk.cpr": r"\d{6}-?\d{4}",
    "gb.nhs": r"\d{3}[ -]?\d{3}[ -]?\d{4}",
    "gb.utr": r"\d{5} ?\d{5}K?",
    "gr.amka": r"\d{11}",
    "hr.oib": r"\d{11}",
    "ie.pps": r"\d{7}[A-W][A-IW]?",
    "il.idnr": r"\d{9}",
    "in_.aadhaar": r"\d{4} ?\d{4} ?\d{4}",
    "is_.kennitala": r"\d{6}-?\d{4}",
    "jp.in_": r"\d{4} ?\d{4} ?\d{4}",
    "lt.asmens": r"[1-6]\d{10}",
    "nl.bsn": r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}",
    "pl.pesel": r"\d{11}",
    "pt.nif": r"\d{3} ?\d{3} ?\d{3}",
    "ru.inn": r"\d{12}",
    "tr.tckimlik": r"\d{11}",
    "ua.rntrc": r"\d{10}",
    "us.ssn": r"\d{3}[ -]?\d{2}[ -]?\d{4}",
    "us.itin": r"9\d{2}-?\d{2}-?\d{4}",
}  # fmt: skip

_WORDS = re.compile(
    r"\b(?:ssn|social\s?security|social\s?insurance|national\s?(?:id|insurance|identity)|nino?|nhs|utr|tfn|sin"
    r"|itin|tin|tax\s?(?:id|file|number|payer)|id\s?(?:number|no|card|nr)|identity|steuer|id-?nr|idnr"
    r"|sozialversicherung|sv-?n(?:umme)?r|personal(?:ausweis|\s?(?:code|number|id))|bsn|burgerservice|sofi"
    r"|pesel|cpf|nif|nie|dni|oib|egn|егн|инн|amka|αμκα|pps|cpr|kennitala|aadhaar|aadhar|maynumber|my\s?number"
    r"|personnummer|personnr|f[øo]dselsnummer|asmens|t\.?c\.?\s?kimlik|kimlik|cnp|s[ée]curit[ée]\s?sociale"
    r"|num[ée]ro\s?fiscal|codice\s?fiscale|seguridad\s?social|contribuinte)|マイナンバー|个人番号|個人番号|身份证|身分證",
    re.IGNORECASE,
)

# Great Britain's National Insurance number has no check digit, but prefixes that are not given out.
_NINO = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"
)


# Italy's is long enough, and its last letter checks enough, for misread characters to be forgiven.
_D = "[0-9OQDIlSBZ|]"
_CODICE_FISCALE = re.compile(
    rf"(?<!\w)([A-Z]{{6}}) ?({_D}{{2}})([A-EHLMPRST])({_D}{{2}}) ?([A-Z])({_D}{{3}}) ?([A-Z0-9|])(?!\w)"
)


class _Number(Protocol):
    def is_valid(self, number: str) -> bool: ...


def find(text: str) -> Iterator[Match]:
    """Yield the numbers by which a state knows a person."""
    for found in _NINO.finditer(text):
        yield of("content.text.national_id", found)
    for found in _CODICE_FISCALE.finditer(text):
        name, year, month, day, town, place, check = found.groups()
        number = name + as_digits(year) + month + as_digits(day) + town + as_digits(place)
        if _number("it.codicefiscale").is_valid(number + as_letters(check)):
            yield of("content.text.national_id", found)
    for table, needs in ((_ALONE, False), (_WITH_A_WORD, True)):
        for name, pattern in _compiled(needs, tuple(table.items())):
            for found in pattern.finditer(text):
                # The space between a word and its number is sometimes not read.
                glued = found.start() > 0 and text[found.start() - 1].isalpha()
                if (needs or glued) and not told(text, found.start(), _WORDS, 40):
                    continue
                if _number(name).is_valid(found[0]):
                    yield of("content.text.national_id", found)


@cache
def _compiled(
    _needs: bool, table: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(rf"(?<![\d_.,/+-])(?:{shape})(?![\w/]|[.,-]\d)")) for name, shape in table
    )


@cache
def _number(name: str) -> _Number:
    return cast("_Number", import_module(f"stdnum.{name}"))
