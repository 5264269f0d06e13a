"""What each kind of finding is called, in short; longer words are in `unexposed.catalogue`."""

from __future__ import annotations

from typing import Final, NamedTuple


class Phrase(NamedTuple):
    """A heading for titles ("time removed") and a noun for sentences ("it gave away the time").

    `telling` is set where the value itself tells a person something.
    """

    heading: str
    noun: str
    telling: bool = False


PHRASES: Final[dict[str, Phrase]] = {
    "location.gps/home": Phrase("place of home", "where home is"),
    "location.gps": Phrase("place", "the place", telling=True),
    "provenance.prompt": Phrase("prompt", "the prompt", telling=True),
    "content.thumbnail/other": Phrase("thumbnail", "a hidden thumbnail that showed something else"),
    "person.named": Phrase("names", "people by name", telling=True),
    "person.contact": Phrase("contact", "how to reach somebody", telling=True),
    "account.id": Phrase("account", "an account", telling=True),
    "account.url": Phrase("web address", "an address that leads to somebody", telling=True),
    "device.owner": Phrase("owner", "the device's owner", telling=True),
    "person.author": Phrase("author", "the author", telling=True),
    "person.credit": Phrase("credit line", "a credit line", telling=True),
    "hidden.cropped_data": Phrase("cropped-off picture", "what had been cropped off"),
    "content.second_picture": Phrase("second picture", "a second picture"),
    "content.video": Phrase("video", "a piece of video"),
    "content.audio": Phrase("sound", "recorded sound"),
    "device.serial": Phrase("serial number", "the device's serial number", telling=True),
    "device.lens_serial": Phrase("serial number", "the lens's serial number", telling=True),
    "location.gps/destination": Phrase("place", "a destination", telling=True),
    "time.taken": Phrase("time", "the time", telling=True),
    "device.model": Phrase("device", "the device", telling=True),
    "location.place": Phrase("place", "a named place", telling=True),
    "content.text.secret": Phrase("key or token", "a key or token", telling=True),
    "content.text.password": Phrase("password", "a password"),
    "content.code.otp": Phrase("login secret", "a secret that makes login codes"),
    "content.code.wifi": Phrase("network password", "the password of a network"),
    "content.text.passport": Phrase("passport", "a passport or identity card"),
    "content.text.card": Phrase("card number", "a payment card's number"),
    "content.text.national_id": Phrase("national number", "a national or tax number"),
    "content.code.boarding_pass": Phrase("boarding pass", "a boarding pass"),
    "content.code.identity": Phrase("identity code", "a code that tells who somebody is"),
    "content.face.bystander": Phrase("other people", "other people"),
    "content.text.iban": Phrase("bank account", "a bank account"),
    "content.text.email": Phrase("e-mail address", "an e-mail address", telling=True),
    "content.text.phone": Phrase("phone number", "a phone number", telling=True),
    "content.text.address": Phrase("street address", "a street address", telling=True),
    "content.text.birth_date": Phrase("date of birth", "a date of birth"),
    "content.text.coordinates": Phrase("coordinates", "coordinates", telling=True),
    "content.text.badge": Phrase("badge", "a badge", telling=True),
    "content.text.link": Phrase("private link", "a link that opens something private"),
    "content.code.contact": Phrase("contact code", "a code with somebody's contact"),
    "content.code.ticket": Phrase("ticket", "a ticket"),
    "content.code.payment": Phrase("payment code", "a code for a payment"),
    "content.text.account": Phrase("user name", "the name of an account", telling=True),
    "content.text.plate": Phrase("licence plate", "a licence plate", telling=True),
    "content.text.network": Phrase("network address", "an address in a network", telling=True),
    "content.code.link": Phrase("code", "a code with a link", telling=True),
    "content.document": Phrase("document", "a document"),
    "location.file_path": Phrase("folder", "somebody's folder", telling=True),
    "location.direction": Phrase("direction", "which way the camera looked", telling=True),
    "location.speed": Phrase("speed", "how fast the camera moved", telling=True),
    "location.altitude": Phrase("height", "the height", telling=True),
    "device.host": Phrase("computer", "the computer", telling=True),
    "content.thumbnail": Phrase("thumbnail", "a hidden thumbnail"),
    "content.pages": Phrase("further pages", "further pages"),
    "person.faces": Phrase("face positions", "where faces are"),
    "content.depth": Phrase("depth map", "a depth map"),
    "person.caption": Phrase("caption", "a caption", telling=True),
    "person.copyright": Phrase("copyright notice", "a copyright notice", telling=True),
    "person.role": Phrase("job", "somebody's job", telling=True),
    "history.origin": Phrase("origin", "the source of the download", telling=True),
    "history.edits": Phrase("editing history", "the editing history"),
    "provenance.c2pa": Phrase("signed record", "a signed record of how it was made"),
    "name.person": Phrase("person in its name", "a person in the file's name", telling=True),
    "device.unique_id": Phrase("identifier", "an identifier"),
    "device.maker_note": Phrase("maker's notes", "the maker's private notes"),
    "hidden.script": Phrase("script", "a script that would have run"),
    "hidden.remote": Phrase("reference", "a reference that would have been fetched"),
    "hidden.unseen": Phrase("unseen drawing", "parts of the drawing that nobody saw"),
    "hidden.comment": Phrase("comment", "a comment", telling=True),
    "hidden.trailer": Phrase("hidden data", "data behind the picture's end"),
    "hidden.unknown": Phrase("hidden data", "unknown data"),
    "hidden.damaged": Phrase("hidden data", "a damaged block"),
    "time.digitised": Phrase("time", "the time of digitising", telling=True),
    "time.edited": Phrase("time", "the time of editing", telling=True),
    "time.zone": Phrase("time", "the time zone", telling=True),
    "device.lens": Phrase("lens", "the lens", telling=True),
    "device.software": Phrase("software", "the software", telling=True),
    "device.usage": Phrase("usage", "how much the device was used", telling=True),
    "device.display": Phrase("screen", "the screen or scanner", telling=True),
    "provenance.ai_generated": Phrase("generator", "the mark of a generator", telling=True),
    "history.documents": Phrase("source documents", "source documents"),
    "content.gain_map": Phrase("brightness map", "a brightness map"),
    "content.channels": Phrase("extra samples", "samples beside the colours"),
    "content.face.subject": Phrase("person", "whom it shows"),
    "content.screenshot": Phrase("screen", "a screen"),
    "content.text": Phrase("text", "readable text"),
    "content.possible_text": Phrase("what may be text", "what may be text"),
    "content.code": Phrase("code", "a code"),
    "name.id": Phrase("identifier in its name", "an identifier in the file's name"),
    "name.time": Phrase("time in its name", "the time in the file's name", telling=True),
    "name.device": Phrase("device in its name", "the device in the file's name", telling=True),
    "hidden.metadata": Phrase("technical notes", "technical notes"),
    "device.encoder": Phrase("encoder settings", "encoder settings"),
}
"""Kind -> its phrase; of two that matter as much, the one that stands first is told first."""

FAMILIES: Final[dict[str, Phrase]] = {
    "location": Phrase("place", "a place", telling=True),
    "time": Phrase("time", "a time", telling=True),
    "device": Phrase("device", "something of the device", telling=True),
    "person": Phrase("person", "somebody", telling=True),
    "account": Phrase("account", "something of an account", telling=True),
    "content": Phrase("other content", "other content"),
    "history": Phrase("history", "its history"),
    "provenance": Phrase("origin", "how it was made"),
    "hidden": Phrase("hidden data", "hidden data"),
    "name": Phrase("name", "something in its name", telling=True),
}
"""First part of a kind -> its phrase, for kinds that have none of their own."""

OTHER: Final = Phrase("other data", "other data")

GROUPS: Final[dict[str, str]] = {
    "location": "Place",
    "time": "Time",
    "device": "Device",
    "person": "People",
    "account": "Accounts",
    "content": "Content",
    "history": "History",
    "provenance": "How it was made",
    "hidden": "Hidden data",
    "name": "The file's name",
}
"""First part of a kind -> what stands above its findings, in the order in which they are shown."""
