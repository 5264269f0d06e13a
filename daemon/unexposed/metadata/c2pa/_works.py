"""A work and its authors as schema.org describes them.

Source: https://schema.org/CreativeWork.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.c2pa import _values as values
from unexposed.metadata.c2pa._manifest import Assertion
from unexposed.metadata.places import place, valid
from unexposed.metadata.times import moment

_TEXTS: Final = {
    "copyrightnotice": "person.copyright",
    "creditline": "person.author",
    "credittext": "person.author",
    "caption": "person.caption",
    "description": "person.caption",
    "headline": "person.caption",
    "name": "person.caption",
    "abstract": "person.caption",
    "keywords": "person.caption",
    "url": "account.url",
    "datecreated": "time.taken",
    "datemodified": "time.edited",
    "datepublished": "time.edited",
}
_PEOPLE: Final = {
    "author": "person.author",
    "creator": "person.author",
    "contributor": "person.author",
    "editor": "person.author",
    "producer": "person.author",
    "publisher": "person.author",
    "provider": "person.author",
    "copyrightholder": "person.copyright",
    "mentions": "person.named",
}
_PLACES: Final = ("locationcreated", "contentlocation")
_NAMES: Final = ("name", "legalname", "givenname", "familyname", "alternatename")
_ACCOUNTS: Final = ("@id", "identifier", "url", "sameas")
_CONTACTS: Final = ("email", "telephone")
_ADDRESS: Final = ("https://", "http://")


def work(assertion: Assertion, where: str) -> Iterator[Finding]:
    """Yield who made a work and what is said of it."""
    fields = _lower(assertion.value)
    for key, kind in _PEOPLE.items():
        for person in values.items(fields.get(key)):
            yield from _person(person, kind, f"{where} {key}")
    for key in _PLACES:
        for spot in values.items(fields.get(key)):
            yield from _place(_lower(spot), values.text(spot), where)
    for key, kind in _TEXTS.items():
        for value in values.items(fields.get(key)):
            text = values.text(value)
            text = moment(text) if kind.startswith("time.") else text
            if text:
                yield finding(kind, where, text)


def _lower(value: values.Value) -> dict[str, values.Value]:
    return {
        key.casefold(): inner for key, inner in values.fields(value).items() if isinstance(key, str)
    }


def _person(value: values.Value, kind: str, where: str) -> Iterator[Finding]:
    """Yield somebody's names, accounts and addresses; a bare text is a name."""
    fields = _lower(value)
    names = [values.text(value), *(values.text(fields.get(key)) for key in _NAMES)]
    for name in dict.fromkeys(filter(None, names)):
        yield finding(kind, where, name)
    for key in _ACCOUNTS:
        for account in filter(None, map(values.text, values.items(fields.get(key)))):
            leads = account.startswith(_ADDRESS)
            yield finding("account.url" if leads else "account.id", where, account)
    for key in _CONTACTS:
        if text := values.text(fields.get(key)):
            yield finding("person.contact", where, text)


def _place(fields: dict[str, values.Value], text: str, where: str) -> Iterator[Finding]:
    address = _lower(fields.get("address"))
    names = (
        values.text(fields.get("name")),
        values.text(fields.get("address")),
        *(
            values.text(address.get(key))
            for key in ("streetaddress", "addresslocality", "addressregion", "addresscountry")
        ),
    )
    if named := text or ", ".join(filter(None, names)):
        yield finding("location.place", where, named)
    spot = _lower(fields.get("geo")) or fields
    try:
        latitude, longitude = (
            float(values.text(spot.get(key))) for key in ("latitude", "longitude")
        )
    except ValueError:
        return
    if valid(latitude, longitude):
        yield place(where, latitude, longitude)
