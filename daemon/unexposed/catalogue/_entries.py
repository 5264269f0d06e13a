"""The table itself, and what makes a finding a special one of its kind."""

from __future__ import annotations

from typing import Final, NamedTuple

from unexposed.catalogue._level import Level

_LOW, _MEDIUM, _HIGH, _CRITICAL = Level.LOW, Level.MEDIUM, Level.HIGH, Level.CRITICAL

REMOVED: Final = "It is removed."
_KEPT_ON_WISH: Final = "It is removed, unless a policy keeps it."
_IN_THE_PICTURE: Final = "It is part of the picture itself and stays."
_IN_THE_NAME: Final = "It stays in the copy's name, unless the policy gives a new one."
_IN_THE_CODING: Final = "It stays in a lossless copy; only encoding again replaces it."
_STAYING: Final = (_IN_THE_PICTURE, _IN_THE_NAME, _IN_THE_CODING)
_TIME_ROUNDED: Final = "It is removed, or rounded where a policy keeps the date."

_WHERE: Final = "It leads to where somebody was."
_WHO: Final = "It leads to a person by name."
_LINKS: Final = "It ties files to each other that nobody would link otherwise."
_NARROWS: Final = "By itself it hardly tells anything; beside other facts it narrows them down."
_PERHAPS: Final = "Nobody can say beforehand what it holds."
_ABUSE: Final = "Whoever reads it can use it at once."
_ACCOUNT: Final = "It opens an account or a network to whoever reads it."
_IDENTITY: Final = "It is enough to act in somebody's name."
_OTHERS: Final = "It shows more than whoever shares the picture can see."
_READS: Final = "What can be read in a picture can be searched for."


class Entry(NamedTuple):
    """What is said of one kind of exposed fact.

    `tells` completes "it gives away"; `why` is the reason for the level. `sentence` has the value
    in it, as `{value}`. `cleaning` says what a clean copy does about it.
    """

    level: Level
    tells: str
    why: str
    sentence: str
    cleaning: str = REMOVED

    @property
    def stays(self) -> bool:
        """Whether a lossless copy under the same name still shows it."""
        return self.cleaning in _STAYING


KINDS: Final[dict[str, Entry]] = {
    "location.gps": Entry(
        _HIGH,
        "the place",
        "It leads to the very spot where somebody was.",
        "It was taken {value}.",
        "It is removed, or rounded to its town or country where a policy keeps the place.",
    ),
    "location.direction": Entry(
        _LOW,
        "which way the camera looked or moved",
        _NARROWS,
        "The camera looked or moved this way: {value}.",
    ),
    "location.altitude": Entry(
        _LOW,
        "how high above the sea",
        _NARROWS,
        "The height above the sea was {value}.",
    ),
    "location.speed": Entry(
        _LOW,
        "how fast the camera moved",
        _NARROWS,
        "The camera moved at {value}.",
    ),
    "location.place": Entry(
        _MEDIUM,
        "a named place",
        "It leads to the town or building, but not to the spot.",
        "It names a place: {value}.",
        "It is removed, unless a policy keeps the place.",
    ),
    "location.file_path": Entry(
        _MEDIUM,
        "a folder on somebody's computer",
        "Folders often carry the name of a person, a project or a customer.",
        "It names a folder on somebody's computer: {value}.",
    ),
    "time.taken": Entry(
        _MEDIUM,
        "when it was taken",
        "It says when somebody was there, and beside a place it says much more.",
        "It was taken at this time: {value}.",
        _TIME_ROUNDED,
    ),
    "time.digitised": Entry(
        _LOW,
        "when it was digitised",
        _NARROWS,
        "It was digitised at this time: {value}.",
    ),
    "time.edited": Entry(
        _LOW,
        "when it was edited",
        _NARROWS,
        "It was edited at this time: {value}.",
    ),
    "time.zone": Entry(
        _LOW,
        "the time zone",
        _NARROWS,
        "The clock was set to this time zone: {value}.",
    ),
    "device.model": Entry(
        _MEDIUM,
        "the make and model of the device",
        "It narrows down who took the picture, and what they own.",
        "The device was: {value}.",
    ),
    "device.serial": Entry(
        _HIGH,
        "the serial number of the device",
        "It ties every picture of the same device together, and its buyer to them.",
        "The device has the serial number {value}.",
    ),
    "device.lens": Entry(_LOW, "the lens", _NARROWS, "The lens was: {value}."),
    "device.lens_serial": Entry(
        _HIGH,
        "the serial number of the lens",
        "It ties every picture of the same lens together, and its buyer to them.",
        "The lens has the serial number {value}.",
    ),
    "device.owner": Entry(
        _HIGH,
        "the owner of the device",
        _WHO,
        "The device belongs to {value}.",
    ),
    "device.software": Entry(
        _LOW,
        "the software",
        _NARROWS,
        "This software wrote it: {value}.",
    ),
    "device.host": Entry(
        _MEDIUM,
        "the computer",
        "Computers often carry the name of their owner.",
        "The computer was: {value}.",
    ),
    "device.unique_id": Entry(
        _MEDIUM,
        "an identifier that ties pictures together",
        _LINKS,
        "It carries the identifier {value}.",
    ),
    "device.usage": Entry(
        _LOW,
        "how much the device was used",
        _NARROWS,
        "It tells how much the device was used: {value}.",
    ),
    "device.display": Entry(
        _LOW,
        "the screen or scanner it was measured for",
        _NARROWS,
        "Its colours were measured for: {value}.",
        "The colour profile is written anew without it.",
    ),
    "device.encoder": Entry(
        _LOW,
        "the settings that its encoder left in the picture data",
        _NARROWS,
        "Its encoder left settings in the picture data: {value}.",
        _IN_THE_CODING,
    ),
    "device.maker_note": Entry(
        _MEDIUM,
        "the maker's private notes",
        "Makers put serial numbers, faces and counters there, and tell nobody.",
        "The maker left private notes in it: {value}.",
    ),
    "person.author": Entry(_HIGH, "who made it", _WHO, "It was made by {value}.", _KEPT_ON_WISH),
    "person.copyright": Entry(
        _HIGH,
        "the copyright notice",
        "Such a notice mostly names a person or a company.",
        "It carries the copyright notice “{value}”.",
        _KEPT_ON_WISH,
    ),
    "person.credit": Entry(
        _HIGH,
        "to whom it is credited",
        "Such a line mostly names a person, an agency or a customer.",
        "It names as its credit or source: {value}.",
    ),
    "person.role": Entry(
        _MEDIUM,
        "somebody's job",
        "It narrows down who somebody is, and whom they work for.",
        "It tells what somebody works as: {value}.",
    ),
    "person.named": Entry(_HIGH, "people by name", _WHO, "It names {value}."),
    "person.faces": Entry(
        _MEDIUM,
        "where in the picture faces are",
        "It points out people, if not by name.",
        "It marks where faces are: {value}.",
    ),
    "person.contact": Entry(
        _HIGH,
        "how to reach somebody",
        "It leads straight to a person.",
        "It says how to reach somebody: {value}.",
    ),
    "person.caption": Entry(
        _MEDIUM,
        "a caption or description",
        "Captions often name people, places and occasions.",
        "It carries the caption “{value}”.",
        _KEPT_ON_WISH,
    ),
    "account.id": Entry(
        _HIGH,
        "an account",
        "It leads to somebody's account, and to whatever else they post there.",
        "It carries the mark of an account: {value}.",
    ),
    "account.url": Entry(
        _MEDIUM,
        "an address on the web that leads to somebody",
        "It may lead to somebody's pages.",
        "It carries an address on the web: {value}.",
    ),
    "content.thumbnail": Entry(
        _MEDIUM,
        "a small copy of the picture",
        "Such a copy may show what was cropped or painted over since.",
        "A small copy of the picture is hidden in it ({value}).",
    ),
    "content.second_picture": Entry(
        _HIGH, "a second picture", _OTHERS, "A second picture is hidden in it ({value})."
    ),
    "content.pages": Entry(
        _MEDIUM,
        "further pages",
        "Many viewers show only the first page.",
        "It has further pages ({value}).",
        _IN_THE_PICTURE,
    ),
    "content.channels": Entry(
        _LOW,
        "samples beside the colours",
        "What they mean is rarely told, and no viewer shows it.",
        "It has samples beside the colours ({value}).",
        _IN_THE_PICTURE,
    ),
    "content.video": Entry(
        _HIGH,
        "a piece of video",
        "It shows and lets hear the seconds around the moment.",
        "A piece of video is hidden in it ({value}).",
    ),
    "content.audio": Entry(
        _HIGH,
        "recorded sound",
        "It lets others hear what was said.",
        "Recorded sound is hidden in it ({value}).",
    ),
    "content.depth": Entry(
        _MEDIUM,
        "a depth map",
        "Rooms and faces can be rebuilt from it.",
        "A depth map is hidden in it ({value}).",
    ),
    "content.gain_map": Entry(
        _LOW,
        "a brightness map",
        "It is a coarse copy of the picture, for bright screens.",
        "A brightness map is hidden in it ({value}).",
    ),
    "content.face.subject": Entry(
        _LOW,
        "the person whom the picture is of",
        "Whoever shares a portrait means to show that face.",
        "It shows the person whom the picture is of ({value}).",
        _IN_THE_PICTURE,
    ),
    "content.face.bystander": Entry(
        _HIGH,
        "other people",
        "Nobody asked them, and faces can be searched for.",
        "It shows other people ({value}).",
        _IN_THE_PICTURE,
    ),
    "content.text": Entry(
        _LOW, "readable text", _READS, "Text can be read in it: {value}.", _IN_THE_PICTURE
    ),
    "content.text.badge": Entry(
        _HIGH, "a badge or name plate", _WHO, "A badge can be read: {value}.", _IN_THE_PICTURE
    ),
    "content.text.email": Entry(
        _HIGH,
        "an e-mail address",
        "It leads straight to a person.",
        "An e-mail address can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.phone": Entry(
        _HIGH,
        "a phone number",
        "It leads straight to a person.",
        "A phone number can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.account": Entry(
        _MEDIUM,
        "the name of an account on a screen",
        "It leads to somebody's account, and to whatever else they post there.",
        "The name of an account can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.address": Entry(
        _HIGH,
        "a street address",
        "It leads to a door.",
        "A street address can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.birth_date": Entry(
        _HIGH,
        "a date of birth",
        "Beside a name it identifies a person, and many ask for it as proof.",
        "A date of birth can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.coordinates": Entry(
        _HIGH,
        "coordinates",
        _WHERE,
        "Coordinates can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.plate": Entry(
        _MEDIUM,
        "a licence plate",
        "It leads to a car's keeper, though not for everybody.",
        "A licence plate can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.network": Entry(
        _MEDIUM,
        "an address in a network",
        "It tells how a network is built.",
        "An address in a network can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.link": Entry(
        _HIGH,
        "a link that opens something private",
        _ABUSE,
        "A link to something private can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.card": Entry(
        _CRITICAL,
        "a payment card's number",
        _ABUSE,
        "A payment card's number can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.iban": Entry(
        _HIGH,
        "a bank account",
        "Money can be asked of it, and it leads to a person.",
        "A bank account can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.national_id": Entry(
        _CRITICAL,
        "a national or tax number",
        _IDENTITY,
        "A national or tax number can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.passport": Entry(
        _CRITICAL,
        "the lines of a passport or identity card",
        _IDENTITY,
        "The lines of a passport or identity card can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.password": Entry(
        _CRITICAL,
        "a password",
        _ACCOUNT,
        "A password can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.text.secret": Entry(
        _CRITICAL,
        "a key or token that opens an account",
        _ACCOUNT,
        "A key or token can be read: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.code": Entry(_LOW, "a code", _READS, "It shows a code: {value}.", _IN_THE_PICTURE),
    "content.code.link": Entry(
        _MEDIUM,
        "a code with a link",
        "It may lead to somebody's pages.",
        "It shows a code with a link: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.code.wifi": Entry(
        _CRITICAL,
        "a code with the password of a network",
        _ACCOUNT,
        "It shows a code with the password of a network: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.code.contact": Entry(
        _HIGH,
        "a code with somebody's contact",
        "It leads straight to a person.",
        "It shows a code with somebody's contact: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.code.boarding_pass": Entry(
        _CRITICAL,
        "a boarding pass",
        "It is enough to change or cancel somebody's flight.",
        "It shows a boarding pass: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.code.ticket": Entry(
        _HIGH, "a ticket", _ABUSE, "It shows a ticket: {value}.", _IN_THE_PICTURE
    ),
    "content.code.payment": Entry(
        _HIGH,
        "a code for a payment",
        "It tells who pays whom, and how much.",
        "It shows a code for a payment: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.code.otp": Entry(
        _CRITICAL,
        "a secret that makes login codes",
        _ACCOUNT,
        "It shows a secret that makes login codes: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.code.identity": Entry(
        _CRITICAL,
        "a code that tells who somebody is",
        _IDENTITY,
        "It shows a code that tells who somebody is: {value}.",
        _IN_THE_PICTURE,
    ),
    "content.document": Entry(
        _MEDIUM,
        "that it is a picture of a document",
        "Documents are mostly meant for few.",
        "It is a picture of a document ({value}).",
        _IN_THE_PICTURE,
    ),
    "content.screenshot": Entry(
        _LOW,
        "that it is a picture of a screen",
        "Screens show more than one looks at: the time, tabs, notifications.",
        "It is a picture of a screen ({value}).",
        _IN_THE_PICTURE,
    ),
    "history.edits": Entry(
        _MEDIUM,
        "how it was edited",
        "It tells what was changed, and that something was.",
        "It tells how it was edited: {value}.",
    ),
    "history.documents": Entry(
        _LOW, "which documents it comes from", _LINKS, "It comes from another document: {value}."
    ),
    "history.origin": Entry(
        _LOW,
        "where it was downloaded from",
        "It tells what somebody looked at.",
        "It was downloaded from {value}.",
    ),
    "provenance.ai_generated": Entry(
        _LOW,
        "that a generator made it",
        "It tells of the picture, not of a person.",
        "A generator made it: {value}.",
    ),
    "provenance.prompt": Entry(
        _HIGH,
        "the prompt that made it",
        "It tells in somebody's own words what they wanted.",
        "It was made from the prompt “{value}”.",
    ),
    "provenance.c2pa": Entry(
        _MEDIUM,
        "a signed record of who made it and how",
        "It can name people, devices and every step of editing.",
        "It carries a signed record of how it was made: {value}.",
    ),
    "hidden.trailer": Entry(
        _MEDIUM,
        "data behind the end of the picture",
        _PERHAPS,
        "Data stands behind the end of the picture ({value}).",
    ),
    "hidden.unknown": Entry(
        _MEDIUM,
        "data that no specification accounts for",
        _PERHAPS,
        "It holds data that no specification accounts for ({value}).",
    ),
    "hidden.damaged": Entry(
        _MEDIUM,
        "a damaged block that may hold anything",
        _PERHAPS,
        "A block in it is damaged and may hold anything ({value}).",
    ),
    "hidden.comment": Entry(
        _MEDIUM,
        "a comment",
        "Nobody sees comments, so nobody thinks of them.",
        "It carries the comment “{value}”.",
    ),
    "hidden.cropped_data": Entry(
        _HIGH,
        "picture data from before it was cropped",
        "It shows what somebody meant to cut off.",
        "It still holds what had been cropped off ({value}).",
    ),
    "hidden.remote": Entry(
        _MEDIUM,
        "an address elsewhere that it refers to",
        "Whoever is there learns who opens the file.",
        "It refers to an address elsewhere: {value}.",
    ),
    "hidden.script": Entry(
        _MEDIUM,
        "a program that runs when it is opened",
        "It can do whatever its author wanted.",
        "A program runs when it is opened ({value}).",
    ),
    "hidden.unseen": Entry(
        _MEDIUM,
        "a part of the drawing that is not shown",
        _OTHERS,
        "A part of the drawing is not shown ({value}).",
    ),
    "hidden.metadata": Entry(
        _LOW, "technical notes", _NARROWS, "It carries technical notes: {value}."
    ),
    "name.time": Entry(
        _LOW,
        "the time, in the file's name",
        "Everybody can see a name, but few think of it.",
        "The file's name tells the time: {value}.",
        _IN_THE_NAME,
    ),
    "name.device": Entry(
        _LOW,
        "the app or device, in the file's name",
        "Everybody can see a name, but few think of it.",
        "The file's name tells the app or device: {value}.",
        _IN_THE_NAME,
    ),
    "name.person": Entry(
        _MEDIUM,
        "a person, in the file's name",
        "It may lead to a person by name.",
        "The file's name tells of a person: {value}.",
        _IN_THE_NAME,
    ),
    "name.id": Entry(
        _LOW, "an identifier, in the file's name", _LINKS,
        "The file's name holds the identifier {value}.", _IN_THE_NAME,
    ),
}  # fmt: skip
"""Dotted name -> its entry. In docs and lists they stand in this order."""

VARIANTS: Final[dict[str, Entry]] = {
    "location.gps/home": Entry(
        _CRITICAL,
        "where home is",
        "It leads to the door of the person's home.",
        "It was taken {value}.",
        KINDS["location.gps"].cleaning,
    ),
    "location.gps/destination": Entry(
        _HIGH,
        "where somebody was heading",
        "It leads to the very spot where somebody was heading.",
        "Somebody was heading for a place {value}.",
        KINDS["location.gps"].cleaning,
    ),
    "content.thumbnail/other": Entry(
        _HIGH,
        "a small picture that shows something else",
        "It shows what the picture itself does not show any more.",
        "A small picture is hidden in it that shows something else ({value}).",
    ),
}
"""Kind and what is special about a finding -> its entry."""

HEIGHTENED: Final = {
    "content.thumbnail": "content.thumbnail/other",
    "location.gps": "location.gps/home",
}
"""Kind -> the variant that a finding is which matters more than its kind usually does."""

DESTINATION: Final = " destination"
"""How the place of a position ends that tells where somebody was heading."""


def key_of(kind: str, level: Level, where: str) -> str:
    """Return a finding's key in `VARIANTS` where it is a special one, else its kind."""
    if kind == "location.gps" and all(one.endswith(DESTINATION) for one in where.split(", ")):
        return f"{kind}/destination"
    if kind in HEIGHTENED and level.rank > KINDS[kind].level.rank:
        return HEIGHTENED[kind]
    return kind
