"""Names under which videos keep what they tell, and the kinds of what stands there.

Sources: QuickTime File Format (2016), "User Data Atoms" and "Metadata Keys"; 3GPP TS 26.244
section 8; ExifTool's QuickTime.pm and GoPro.pm for what makers write.
"""

from __future__ import annotations

from typing import Final

USER_DATA: Final[dict[bytes, str]] = {
    b"\xa9day": "time.taken",
    b"date": "time.taken",
    b"\xa9dtn": "time.taken",
    b"\xa9mak": "device.make",
    b"manu": "device.make",
    b"\xa9mod": "device.model",
    b"modl": "device.model",
    b"CNMN": "device.model",
    b"\xa9swr": "device.software",
    b"\xa9too": "device.software",
    b"\xa9enc": "device.software",
    b"\xa9req": "device.software",
    b"CNFV": "device.software",
    b"CNCV": "device.software",
    b"FIRM": "device.software",
    b"\xa9hst": "device.host",
    b"LENS": "device.lens_serial",
    b"slno": "device.serial",
    b"\xa9csn": "device.serial",
    b"\xa9aut": "person.author",
    b"\xa9ART": "person.author",
    b"\xa9art": "person.author",
    b"\xa9wrt": "person.author",
    b"\xa9dir": "person.author",
    b"\xa9prd": "person.author",
    b"\xa9cpy": "person.copyright",
    b"\xa9src": "person.author",
    b"\xa9prf": "person.named",
    b"auth": "person.author",
    b"cprt": "person.copyright",
    b"aART": "person.author",
    b"perf": "person.named",
    b"ownr": "person.named",
    b"apID": "account.id",
    b"\xa9nam": "person.caption",
    b"\xa9des": "person.caption",
    b"\xa9inf": "person.caption",
    b"\xa9key": "person.caption",
    b"\xa9alb": "person.caption",
    b"\xa9gen": "person.caption",
    b"\xa9lyr": "person.caption",
    b"\xa9cmt": "hidden.comment",
    b"name": "person.caption",
    b"titl": "person.caption",
    b"dscp": "person.caption",
    b"desc": "person.caption",
    b"ldes": "person.caption",
    b"kywd": "person.caption",
    b"albm": "person.caption",
    b"gnre": "person.caption",
    b"\xa9url": "history.origin",
    b"\xa9lnk": "history.origin",
    b"purd": "time.edited",
}
"""Type of a box of user data, or of an item -> its kind; "device.make" joins "device.model"."""

NUMBERS: Final[dict[bytes, str]] = {
    b"CAME": "device.unique_id",
    b"MUID": "device.unique_id",
    b"GUMI": "device.unique_id",
}
"""Type of a box of user data that holds no text but a number -> its kind."""

KEYS: Final[dict[str, str]] = {
    "com.apple.quicktime.creationdate": "time.taken",
    "com.apple.quicktime.location.date": "time.taken",
    "com.apple.quicktime.year": "time.taken",
    "com.apple.quicktime.make": "device.make",
    "com.apple.quicktime.model": "device.model",
    "com.apple.quicktime.software": "device.software",
    "com.apple.quicktime.camera.identifier": "device.model",
    "com.apple.quicktime.camera.lens_model": "device.lens",
    "com.apple.quicktime.content.identifier": "device.unique_id",
    "com.apple.photos.originating.signature": "device.unique_id",
    "com.apple.quicktime.author": "person.author",
    "com.apple.quicktime.artist": "person.author",
    "com.apple.quicktime.director": "person.author",
    "com.apple.quicktime.producer": "person.author",
    "com.apple.quicktime.publisher": "person.author",
    "com.apple.quicktime.copyright": "person.copyright",
    "com.apple.quicktime.performer": "person.named",
    "com.apple.quicktime.collection.user": "person.caption",
    "com.apple.quicktime.displayname": "person.caption",
    "com.apple.quicktime.title": "person.caption",
    "com.apple.quicktime.description": "person.caption",
    "com.apple.quicktime.information": "person.caption",
    "com.apple.quicktime.keywords": "person.caption",
    "com.apple.quicktime.comment": "hidden.comment",
    "com.apple.quicktime.location.name": "location.place",
    "com.apple.quicktime.location.body": "location.place",
    "com.apple.quicktime.location.note": "location.place",
    "com.android.version": "device.software",
    "com.android.manufacturer": "device.make",
    "com.android.model": "device.model",
    "com.samsung.android.utc_offset": "time.zone",
    "com.xiaomi.product.marketname": "device.model",
    "samsung.android.utc_offset": "time.zone",
    "author": "person.author",
    "artist": "person.author",
    "comment": "hidden.comment",
    "copyright": "person.copyright",
    "creation_time": "time.taken",
    "date": "time.taken",
    "description": "person.caption",
    "encoder": "device.software",
    "keywords": "person.caption",
    "location": "location.place",
    "make": "device.make",
    "model": "device.model",
    "software": "device.software",
    "synopsis": "person.caption",
    "title": "person.caption",
}
"""Key of a metadata item, in lower case -> its kind."""

LOCATIONS: Final = frozenset({"com.apple.quicktime.location.iso6709", "location.iso6709"})
"""Keys under which a place stands as ISO 6709 writes it."""

LOCATION: Final = b"\xa9xyz"
"""The box of user data, or the item, that holds such a place."""

PREFIXES: Final[dict[str, str]] = {"com.android.version": "Android "}
"""Key in lower case -> what makes its value understood."""

CODEC_NAMES: Final = frozenset(
    {"h.264", "h264", "hevc", "h.265", "avc coding", "hevc coding", "prores"}
)
"""Names of compressors, in lower case, that say no more than the codec."""
