"""What a store of C2PA records gives away: who made a picture, with what, and from which pictures.

Source: C2PA Technical Specification 2.1, "Claims", "Actions" and "Ingredient".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.c2pa import _values as values
from unexposed.metadata.c2pa._assertions import said
from unexposed.metadata.c2pa._manifest import Record, records
from unexposed.metadata.file_paths import paths_in
from unexposed.metadata.generators import TRAINED, generator
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.times import moment

_MAX_TOLD: Final = 20
"""Records that are told one by one."""
_ACTIONS, _INGREDIENT = "c2pa.actions", "c2pa.ingredient"
_SOURCES: Final = ("digitalSourceType", "digital_source_type", "dst")
_PROMPTS: Final = frozenset(
    {"prompt", "textprompt", "text_prompt", "positive_prompt", "revised_prompt", "inputprompt"}
)
_IDS: Final = ("instanceID", "documentID", "dc:identifier", "instance_id", "document_id")
_ORIGINS: Final = ("informationalURI", "informational_URI")


def read(block: Block) -> list[Finding]:
    """Return what all records in a block give away, the one that counts first."""
    where, store = block.where, records(block.payload)
    found = [finding("hidden.damaged", where, problem) for problem in store.damage]
    if not store.records:
        if TRAINED.search(block.payload.decode("latin-1")):
            found.append(finding("provenance.ai_generated", where, "trainedAlgorithmicMedia"))
        kind = "provenance.c2pa" if b"c2pa" in block.payload[:256] else "hidden.unknown"
        return [finding(kind, where, size_in_words(block.size)), *found]
    told: list[Finding] = []
    # The last record of a store is the one that stands for the file.
    newest_first = store.records[::-1]
    for age, record in enumerate(newest_first[:_MAX_TOLD]):
        told += _told(record, where, "" if age else size_in_words(block.size))
    older = len(newest_first) - _MAX_TOLD
    if older > 0:
        told.append(finding("provenance.c2pa", where, f"{older} older records"))
    return list(dict.fromkeys(told + found))


def _told(record: Record, where: str, size: str) -> Iterator[Finding]:
    """Yield what one record gives away; `size` is "" for an older one."""
    signature, actions = record.signature, _actions(record)
    program = _program(record)
    facts = []
    if signature and signature.signer:
        when = f" on {signature.time}" if signature.time else ""
        facts.append(f"signed in the name of {signature.signer}{when}, unchecked")
    if program:
        facts.append(f"made with {program}")
    names = dict.fromkeys(_named(one) for one in actions)
    if told := ", ".join(filter(None, names)):
        facts.append(told)
    facts.append(size or "an older record")
    yield finding("provenance.c2pa", where, "; ".join(facts))
    if program:
        yield finding("device.software", where, program)
    if signature:
        yield from _signed(record, f"{where} signature")
    yield from _generated(record, where, program)
    yield from _edits(actions, f"{where} actions")
    yield from _documents(record, where)
    for assertion in record.assertions:
        yield from said(assertion, where)


def _signed(record: Record, where: str) -> Iterator[Finding]:
    signature = record.signature
    if signature and signature.time:
        yield finding("time.edited", where, signature.time)
    if signature and "@" in signature.name:
        yield finding("person.contact", where, signature.name)
    if signature and signature.serial:
        yield finding("device.unique_id", where, signature.serial)


def _program(record: Record) -> str:
    """Return which programs made the claim: "Adobe Firefly 1.0"."""
    infos = values.items(record.claim.get("claim_generator_info"))
    names = [_agent(info) for info in infos]
    return ", ".join(filter(None, names)) or values.text(record.claim.get("claim_generator"))


def _agent(value: values.Value) -> str:
    """Return a program that stands as a text, or as a name with a version."""
    parts = values.fields(value)
    if not parts:
        return values.text(value)
    return " ".join(
        text
        for key in ("name", "version", "operating_system")
        if (text := values.text(parts.get(key)))
    )


def _actions(record: Record) -> list[values.Fields]:
    lists = (
        values.items(values.fields(one.value).get("actions"))
        for one in record.assertions
        if one.label == _ACTIONS
    )
    return [values.fields(action) for actions in lists for action in actions]


def _named(action: values.Fields) -> str:
    return values.text(action.get("action")).removeprefix("c2pa.").replace("_", " ")


def _edits(actions: list[values.Fields], where: str) -> Iterator[Finding]:
    """Yield what was done to the picture, with which programs and when."""
    if not actions:
        return
    moments = sorted(when for one in actions if (when := moment(values.text(one.get("when")))))
    agents = dict.fromkeys(filter(None, (_agent(one.get("softwareAgent")) for one in actions)))
    names = ", ".join(filter(None, dict.fromkeys(_named(one) for one in actions)))
    programs = f" with {', '.join(list(agents)[:5])}" if agents else ""
    span = " to ".join(dict.fromkeys((moments[0], moments[-1]))) if moments else ""
    yield finding("history.edits", where, f"{names}{programs}{f', {span}' if span else ''}")
    if moments:
        yield finding("time.edited", where, moments[-1])
    for one in actions:
        if text := values.text(one.get("description") or one.get("reason")):
            yield finding("history.edits", where, text)


def _generated(record: Record, where: str, program: str) -> Iterator[Finding]:
    """Yield that a generator made the picture or a part of it, and the prompt where it stands."""
    signer = record.signature.signer if record.signature else ""
    for assertion in record.assertions:
        for one in values.maps(assertion.value):
            source = next((text for key in _SOURCES if (text := values.text(one.get(key)))), "")
            if TRAINED.search(source):
                agent = _agent(one.get("softwareAgent")) or program
                what = generator(agent, program, signer) or legible(source.rpartition("/")[2])
                part = ", in part" if "composite" in source.casefold() else ""
                yield finding("provenance.ai_generated", where, f"{what}{part}")
            for key, value in one.items():
                last = str(key).casefold().rpartition(".")[2] if isinstance(key, str) else ""
                if last in _PROMPTS and (prompt := values.text(value)):
                    yield finding("provenance.prompt", where, prompt)


def _documents(record: Record, where: str) -> Iterator[Finding]:
    """Yield which files the record names, and the identifiers that tie them together."""
    ingredients = [
        values.fields(one.value) for one in record.assertions if one.label == _INGREDIENT
    ]
    titles = [_title(one) for one in ingredients]
    if ingredients:
        amount = "1 ingredient" if len(ingredients) == 1 else f"{len(ingredients)} ingredients"
        named = ", ".join(dict.fromkeys(filter(None, titles)))
        yield finding(
            "history.documents", f"{where} ingredient", f"{amount}: {named}" if named else amount
        )
    if title := _title(record.claim):
        yield finding("history.documents", f"{where} title", title)
    for text in (*titles, title):
        for path in paths_in(text):
            yield finding("location.file_path", where, path)
    ids = [legible(record.label)]
    for one in (record.claim, *ingredients):
        ids += [text for key in _IDS if (text := values.text(one.get(key)))]
        for key in _ORIGINS:
            if origin := values.text(one.get(key)):
                yield finding("history.origin", f"{where} ingredient", origin)
    ids = list(dict.fromkeys(filter(None, ids)))
    if ids:
        amount = "1 document id" if len(ids) == 1 else f"{len(ids)} document ids"
        yield finding("history.documents", where, f"{amount}: {ids[0]}")


def _title(value: values.Fields) -> str:
    return values.text(value.get("dc:title") or value.get("title"))
