"""The families of kinds, and what a finding is called whose kind is not in the table."""

from __future__ import annotations

from typing import Final, NamedTuple

from unexposed.catalogue._entry import Phrase


class Family(NamedTuple):
    """Kinds with the same first part: what stands above their findings, and what others are called.

    `others` is said of findings whose kind has no entry, as those of a newer version may.
    """

    title: str
    others: Phrase


FAMILIES: Final[dict[str, Family]] = {
    "location": Family("Place", Phrase("place", "a place", telling=True)),
    "time": Family("Time", Phrase("time", "a time", telling=True)),
    "person": Family("People", Phrase("person", "somebody", telling=True)),
    "account": Family("Accounts", Phrase("account", "something of an account", telling=True)),
    "device": Family("Device", Phrase("device", "something of the device", telling=True)),
    "content": Family("Content", Phrase("other content", "other content")),
    "history": Family("History", Phrase("history", "its history")),
    "provenance": Family("How it was made", Phrase("origin", "how it was made")),
    "hidden": Family("Hidden data", Phrase("hidden data", "hidden data")),
    "name": Family("The file's name", Phrase("name", "something in its name", telling=True)),
}
"""First part of a kind -> its family, in the order in which they are shown."""

OTHER: Final = Phrase("other data", "other data")
"""What a finding is called that is of no known family."""
