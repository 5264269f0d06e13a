"""What a file gives away: findings, their levels, and the report on one file.

Values only; the sentences that a person reads are made in `unexposed.wording`.
"""

from __future__ import annotations

import enum

import msgspec


class Level(enum.StrEnum):
    """How much an exposed fact matters, from the least to the most."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for none up to 4 for critical."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


class Outcome(enum.StrEnum):
    """What became of one file."""

    INSPECTED = "inspected"
    CLEANED = "cleaned"
    HELD = "held"
    SKIPPED = "skipped"
    FAILED = "failed"
    WAITING = "waiting"  # said of a job on its way, and never an end


# The catalogue: dotted name -> (level, what it tells somebody in a few words).
KINDS: dict[str, tuple[Level, str]] = {
    "location.gps": (Level.HIGH, "the place, to a few metres"),
    "location.direction": (Level.LOW, "which way the camera looked or moved"),
    "location.altitude": (Level.LOW, "how high above the sea"),
    "location.speed": (Level.LOW, "how fast the camera moved"),
    "location.place": (Level.MEDIUM, "a named place"),
    "location.file_path": (Level.MEDIUM, "a folder on somebody's computer"),
    "time.taken": (Level.MEDIUM, "when it was taken"),
    "time.digitised": (Level.LOW, "when it was digitised"),
    "time.edited": (Level.LOW, "when it was edited"),
    "time.zone": (Level.LOW, "the time zone"),
    "device.model": (Level.MEDIUM, "the make and model of the device"),
    "device.serial": (Level.HIGH, "the serial number of the device"),
    "device.lens": (Level.LOW, "the lens"),
    "device.lens_serial": (Level.HIGH, "the serial number of the lens"),
    "device.owner": (Level.HIGH, "the owner of the device"),
    "device.software": (Level.LOW, "the software"),
    "device.host": (Level.MEDIUM, "the computer"),
    "device.unique_id": (Level.MEDIUM, "an identifier that ties pictures together"),
    "device.usage": (Level.LOW, "how much the device was used"),
    "device.display": (Level.LOW, "the screen or scanner it was measured for"),
    "device.encoder": (Level.LOW, "the settings that its encoder left in the picture data"),
    "device.maker_note": (Level.MEDIUM, "the maker's private notes"),
    "person.author": (Level.HIGH, "who made it"),
    "person.copyright": (Level.HIGH, "the copyright notice"),
    "person.named": (Level.HIGH, "people by name"),
    "person.faces": (Level.MEDIUM, "where in the picture faces are"),
    "person.contact": (Level.HIGH, "how to reach somebody"),
    "person.caption": (Level.MEDIUM, "a caption or description"),
    "account.id": (Level.HIGH, "an account"),
    "account.url": (Level.MEDIUM, "an address on the web that leads to somebody"),
    "content.thumbnail": (Level.MEDIUM, "a small copy of the picture"),
    "content.second_picture": (Level.HIGH, "a second picture"),
    "content.pages": (Level.MEDIUM, "further pages"),
    "content.channels": (Level.LOW, "samples beside the colours"),
    "content.video": (Level.HIGH, "a piece of video"),
    "content.audio": (Level.HIGH, "recorded sound"),
    "content.depth": (Level.MEDIUM, "a depth map"),
    "content.gain_map": (Level.LOW, "a brightness map"),
    "content.face.subject": (Level.LOW, "the person whom the picture is of"),
    "content.face.bystander": (Level.HIGH, "other people"),
    "content.text": (Level.LOW, "readable text"),
    "content.text.badge": (Level.HIGH, "a badge or name plate"),
    "content.text.email": (Level.HIGH, "an e-mail address"),
    "content.text.phone": (Level.HIGH, "a phone number"),
    "content.text.account": (Level.MEDIUM, "the name of an account on a screen"),
    "content.text.address": (Level.HIGH, "a street address"),
    "content.text.birth_date": (Level.HIGH, "a date of birth"),
    "content.text.coordinates": (Level.HIGH, "coordinates"),
    "content.text.plate": (Level.MEDIUM, "a licence plate"),
    "content.text.network": (Level.MEDIUM, "an address in a network"),
    "content.text.link": (Level.HIGH, "a link that opens something private"),
    "content.text.card": (Level.CRITICAL, "a payment card's number"),
    "content.text.iban": (Level.HIGH, "a bank account"),
    "content.text.national_id": (Level.CRITICAL, "a national or tax number"),
    "content.text.passport": (Level.CRITICAL, "the lines of a passport or identity card"),
    "content.text.password": (Level.CRITICAL, "a password"),
    "content.text.secret": (Level.CRITICAL, "a key or token that opens an account"),
    "content.code": (Level.LOW, "a code"),
    "content.code.link": (Level.MEDIUM, "a code with a link"),
    "content.code.wifi": (Level.CRITICAL, "a code with the password of a network"),
    "content.code.contact": (Level.HIGH, "a code with somebody's contact"),
    "content.code.boarding_pass": (Level.CRITICAL, "a boarding pass"),
    "content.code.ticket": (Level.HIGH, "a ticket"),
    "content.code.payment": (Level.HIGH, "a code for a payment"),
    "content.code.otp": (Level.CRITICAL, "a secret that makes login codes"),
    "content.code.identity": (Level.CRITICAL, "a code that tells who somebody is"),
    "content.document": (Level.MEDIUM, "that it is a picture of a document"),
    "content.screenshot": (Level.LOW, "that it is a picture of a screen"),
    "history.edits": (Level.MEDIUM, "how it was edited"),
    "history.documents": (Level.LOW, "which documents it comes from"),
    "history.origin": (Level.LOW, "where it was downloaded from"),
    "provenance.ai_generated": (Level.LOW, "that a generator made it"),
    "provenance.prompt": (Level.HIGH, "the prompt that made it"),
    "provenance.c2pa": (Level.MEDIUM, "a signed record of who made it and how"),
    "hidden.trailer": (Level.MEDIUM, "data behind the end of the picture"),
    "hidden.unknown": (Level.MEDIUM, "data that no specification accounts for"),
    "hidden.damaged": (Level.MEDIUM, "a damaged block that may hold anything"),
    "hidden.comment": (Level.MEDIUM, "a comment"),
    "hidden.cropped_data": (Level.HIGH, "picture data from before it was cropped"),
    "hidden.remote": (Level.MEDIUM, "an address elsewhere that it refers to"),
    "hidden.script": (Level.MEDIUM, "a program that runs when it is opened"),
    "hidden.unseen": (Level.MEDIUM, "a part of the drawing that is not shown"),
    "hidden.metadata": (Level.LOW, "technical notes"),
    "name.time": (Level.LOW, "the time, in the file's name"),
    "name.device": (Level.LOW, "the app or device, in the file's name"),
    "name.person": (Level.MEDIUM, "a person, in the file's name"),
    "name.id": (Level.LOW, "an identifier, in the file's name"),
}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One exposed fact.

    `kind` is a key of `KINDS`; `where` names the place in the file that held
    it ("EXIF GPS"); `value` is the fact itself, as text. `removed` is True only
    when the clean copy was checked not to hold it, None while no copy exists.
    `box` is x, y, width, height in pixels for what the picture itself shows.
    `place` says of a position where that is: "in Lisbon, Portugal", "at home".
    """

    kind: str
    where: str
    summary: str
    value: str = ""
    level: Level = Level.NONE
    removed: bool | None = None
    box: tuple[int, int, int, int] | None = None
    place: str = ""


MAX_VALUE = 2_000
"""Characters of an exposed value that a finding holds at most."""


def finding(kind: str, where: str, value: str = "", summary: str = "", **rest: object) -> Finding:
    """Make a Finding with the level that the catalogue gives its kind.

    `summary` defaults to the catalogue's words with the value behind them.
    Values over `MAX_VALUE` characters are cut and end in an ellipsis.
    Raises KeyError for a kind that the catalogue does not have.
    """
    level, tells = KINDS[kind]
    if len(value) > MAX_VALUE:
        value = value[: MAX_VALUE - 1] + "…"
    fields: dict[str, object] = {
        "kind": kind,
        "where": where,
        "value": value,
        "summary": summary or (f"{tells}: {value}" if value else tells),
        "level": level,
    }
    return Finding(**(fields | rest))  # type: ignore[arg-type]


class Span(msgspec.Struct, frozen=True, gc=False):
    """One stretch of the source file as the report shows it; offsets in bytes."""

    start: int
    end: int
    role: str
    name: str
    fate: str
    """"kept", "made plain" or "removed"."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was learnt about one file, and what became of its bytes.

    `bytes_total` is the source's size. `bytes_kept` counts the source's bytes
    that stand in the clean copy as they were, `bytes_removed` all others.
    """

    format: str
    bytes_total: int
    findings: tuple[Finding, ...] = ()
    spans: tuple[Span, ...] = ()
    bytes_kept: int = 0
    bytes_removed: int = 0
    width: int = 0
    height: int = 0
    seconds: float = 0.0

    @property
    def level(self) -> Level:
        """The highest level among the findings."""
        return max(
            (f.level for f in self.findings), key=lambda level: level.rank, default=Level.NONE
        )
