"""What single assertions of a C2PA record give away.

Sources: C2PA Technical Specification 2.1, "Standard assertions"; CAWG Identity Assertion 1.1 and
Metadata Assertion 1.0; CAWG Training and Data Mining Assertion 1.1; schema.org's CreativeWork.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.c2pa import _signature as signatures
from unexposed.metadata.c2pa import _values as values
from unexposed.metadata.c2pa._manifest import Assertion
from unexposed.metadata.c2pa._works import work
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.thumbnails import thumbnail
from unexposed.metadata.xmp import told
from unexposed.metadata.xmp_properties import Property

_PROMPT_TYPE: Final = "generator.prompt"
_LEFT_OUT: Final = ("@", "rdf:")


def said(assertion: Assertion, where: str) -> Iterator[Finding]:
    """Yield what one assertion gives away beyond what its record tells as a whole."""
    for label, reader in _READERS.items():
        if assertion.label.startswith(label):
            yield from reader(assertion, where)
            return
    size = f", {size_in_words(len(assertion.data))}" if assertion.data else ""
    yield finding("hidden.metadata", where, f"{legible(assertion.label)}{size}")
    yield from _properties(assertion, where)


def _nothing(_: Assertion, __: str) -> Iterator[Finding]:
    return iter(())


def _thumbnail(assertion: Assertion, where: str) -> Iterator[Finding]:
    of = " of an ingredient" if ".ingredient" in assertion.label else ""
    yield thumbnail(f"{where} thumbnail{of}", assertion.data, len(assertion.data))


def _depth(_: Assertion, where: str) -> Iterator[Finding]:
    yield finding("content.depth", where, "a depth map")


def _training(assertion: Assertion, where: str) -> Iterator[Finding]:
    entries = values.fields(values.fields(assertion.value).get("entries"))
    wishes = {
        str(name).rpartition(".")[2]: values.text(values.fields(entry).get("use"))
        for name, entry in entries.items()
    }
    words = ", ".join(f"{name}: {use}" for name, use in wishes.items())
    yield finding("hidden.metadata", f"{where} wishes about training", legible(words))


def _soft_binding(assertion: Assertion, where: str) -> Iterator[Finding]:
    """Read a watermark or fingerprint by which the record is found when it was cut off."""
    fields = values.fields(assertion.value)
    algorithm = values.text(fields.get("alg"))
    for block in values.items(fields.get("blocks")):
        value = values.fields(block).get("value")
        text = value.hex() if isinstance(value, bytes) else values.text(value)
        if text:
            yield finding("device.unique_id", f"{where} watermark", f"{algorithm} {text}".strip())
    if url := values.text(fields.get("url")):
        yield finding("hidden.remote", f"{where} watermark", url)


def _remote(assertion: Assertion, where: str) -> Iterator[Finding]:
    for one in values.maps(assertion.value):
        for key in ("url", "uri"):
            if address := values.text(one.get(key)):
                yield finding("hidden.remote", where, address)


def _broad_location(assertion: Assertion, where: str) -> Iterator[Finding]:
    if text := values.text(values.fields(assertion.value).get("location")):
        yield finding("location.place", where, text)


def _wallets(assertion: Assertion, where: str) -> Iterator[Finding]:
    for currency, addresses in values.fields(assertion.value).items():
        for address in filter(None, map(values.text, values.items(addresses))):
            yield finding("account.id", where, f"{legible(str(currency))}: {address}")


def _prompt(assertion: Assertion, where: str) -> Iterator[Finding]:
    """Read a box of data; prompts are marked as such."""
    fields = values.fields(assertion.value)
    data = fields.get("data", assertion.data)
    for one in values.items(fields.get("data_types") or fields.get("dataTypes")):
        if _PROMPT_TYPE in values.text(values.fields(one).get("type")):
            text = legible(data) if isinstance(data, bytes | str) else ""
            yield finding("provenance.prompt", where, text)
            return
    media = values.text(fields.get("dc:format")) or legible(assertion.media)
    if isinstance(data, bytes | str) and media.startswith("text/"):
        yield finding("hidden.comment", where, legible(data))
    else:
        size = size_in_words(len(data)) if isinstance(data, bytes | str) else ""
        yield finding("hidden.metadata", where, f"{media} {size}".strip())


def _identity(assertion: Assertion, where: str) -> Iterator[Finding]:
    """Read who says that they stand behind the picture: by a certificate, or by their accounts."""
    where = f"{where} identity"
    proof = values.fields(assertion.value).get("signature")
    signature = signatures.read(proof) if isinstance(proof, bytes) else None
    if signature is None:
        yield finding("hidden.damaged", where, f"{assertion.label} cannot be read")
        return
    if signature.signer:
        yield finding("person.author", where, signature.signer)
    if signature.address:
        yield finding("person.contact", where, signature.address)
    accounts = values.from_json(signature.payload) if signature.payload else None
    for one in values.maps(accounts):
        for identity in values.items(one.get("verifiedIdentities")):
            yield from _account(values.fields(identity), where)


def _account(identity: values.Fields, where: str) -> Iterator[Finding]:
    if name := values.text(identity.get("name")):
        yield finding("person.author", where, name)
    if address := values.text(identity.get("uri")):
        yield finding("account.url", where, address)
    if username := values.text(identity.get("username")):
        provider = values.text(values.fields(identity.get("provider")).get("name"))
        yield finding("account.id", where, f"{provider}: {username}" if provider else username)


def _properties(assertion: Assertion, where: str) -> Iterator[Finding]:
    """Read JSON-LD, whose keys are the names of properties in XMP."""
    properties: list[Property] = []
    waiting: deque[tuple[str, values.Value, str]] = deque([("", assertion.value, "")])
    structures = 0
    while waiting:
        name, value, inside = waiting.popleft()
        if isinstance(value, Mapping):
            structures += 1
            inside = f"{name} {structures}"
            waiting += [
                (_property_name(key) or name, inner, inside)
                for key, inner in value.items()
                if isinstance(key, str) and key != "@context"
            ]
        elif isinstance(value, list | tuple):
            waiting += [(name, inner, inside) for inner in value]
        elif name and (text := values.text(value)):
            properties.append(Property(name, text, inside))
    yield from told(properties, f"{where} {assertion.label.rpartition('.')[2].upper()}")


def _property_name(key: str) -> str:
    """Return a key as XMP has it: "EXIF:Make" is "tiff:Make" there; "" for one without a prefix."""
    prefix, colon, local = key.partition(":")
    if not colon or key.startswith(_LEFT_OUT):
        return ""
    prefix = {"EXIF": "exif", "EXIFEX": "exifEX", "TIFF": "tiff"}.get(prefix, prefix)
    return (
        f"tiff:{local}" if key.startswith("EXIF:M") and local in _OF_TIFF else f"{prefix}:{local}"
    )


_OF_TIFF: Final = frozenset({"Make", "Model"})

_READERS: Final[dict[str, Callable[[Assertion, str], Iterator[Finding]]]] = {
    "c2pa.actions": _nothing,
    "c2pa.ingredient": _nothing,
    "c2pa.hash.": _nothing,
    "c2pa.thumbnail": _thumbnail,
    "c2pa.depthmap": _depth,
    "c2pa.training-mining": _training,
    "cawg.training-mining": _training,
    "c2pa.soft-binding": _soft_binding,
    "c2pa.cloud-data": _remote,
    "c2pa.asset-ref": _remote,
    "c2pa.external-reference": _remote,
    "c2pa.location.broad": _broad_location,
    "c2pa.data": _prompt,
    "c2pa.embedded-data": _prompt,
    "adobe.crypto.addresses": _wallets,
    "cawg.identity": _identity,
    "stds.schema-org": work,
    "stds.": _properties,
    "c2pa.metadata": _properties,
    "cawg.metadata": _properties,
}
"""How a label begins -> what reads the assertion; `_store` reads actions and ingredients."""
