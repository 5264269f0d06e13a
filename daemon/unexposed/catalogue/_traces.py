"""Kinds that tell of a file's past, of what made it, of hidden data, and of its name."""

from __future__ import annotations

from typing import Final

from unexposed.catalogue._entry import (
    HIGH,
    IN_THE_NAME,
    LINKS,
    LOW,
    MEDIUM,
    NARROWS,
    OTHERS,
    PERHAPS,
    Entry,
)

TRACES: Final[dict[str, Entry]] = {
    "history.edits": Entry(
        MEDIUM,
        "how it was edited",
        "It tells what was changed, and that something was.",
        "It tells how it was edited: {value}.",
    ),
    "history.documents": Entry(
        LOW, "which documents it comes from", LINKS, "It comes from another document: {value}."
    ),
    "history.origin": Entry(
        LOW,
        "where it was downloaded from",
        "It tells what somebody looked at.",
        "It was downloaded from {value}.",
    ),
    "provenance.ai_generated": Entry(
        LOW,
        "that a generator made it",
        "It tells of the picture, not of a person.",
        "A generator made it: {value}.",
    ),
    "provenance.prompt": Entry(
        HIGH,
        "the prompt that made it",
        "It tells in somebody's own words what they wanted.",
        "It was made from the prompt “{value}”.",
    ),
    "provenance.c2pa": Entry(
        MEDIUM,
        "a signed record of who made it and how",
        "It can name people, devices and every step of editing.",
        "It carries a signed record of how it was made: {value}.",
    ),
    "hidden.trailer": Entry(
        MEDIUM,
        "data behind the end of the picture",
        PERHAPS,
        "Data stands behind the end of the picture ({value}).",
    ),
    "hidden.unknown": Entry(
        MEDIUM,
        "data that no specification accounts for",
        PERHAPS,
        "It holds data that no specification accounts for ({value}).",
    ),
    "hidden.damaged": Entry(
        MEDIUM,
        "a damaged block that may hold anything",
        PERHAPS,
        "A block in it is damaged and may hold anything ({value}).",
    ),
    "hidden.comment": Entry(
        MEDIUM,
        "a comment",
        "Nobody sees comments, so nobody thinks of them.",
        "It carries the comment “{value}”.",
    ),
    "hidden.cropped_data": Entry(
        HIGH,
        "picture data from before it was cropped",
        "It shows what somebody meant to cut off.",
        "It still holds what had been cropped off ({value}).",
    ),
    "hidden.remote": Entry(
        MEDIUM,
        "an address elsewhere that it refers to",
        "Whoever is there learns who opens the file.",
        "It refers to an address elsewhere: {value}.",
    ),
    "hidden.script": Entry(
        MEDIUM,
        "a program that runs when it is opened",
        "It can do whatever its author wanted.",
        "A program runs when it is opened ({value}).",
    ),
    "hidden.unseen": Entry(
        MEDIUM,
        "a part of the drawing that is not shown",
        OTHERS,
        "A part of the drawing is not shown ({value}).",
    ),
    "hidden.metadata": Entry(
        LOW, "technical notes", NARROWS, "It carries technical notes: {value}."
    ),
    "name.time": Entry(
        LOW,
        "the time, in the file's name",
        "Everybody can see a name, but few think of it.",
        "The file's name tells the time: {value}.",
        IN_THE_NAME,
    ),
    "name.device": Entry(
        LOW,
        "the app or device, in the file's name",
        "Everybody can see a name, but few think of it.",
        "The file's name tells the app or device: {value}.",
        IN_THE_NAME,
    ),
    "name.person": Entry(
        MEDIUM,
        "a person, in the file's name",
        "It may lead to a person by name.",
        "The file's name tells of a person: {value}.",
        IN_THE_NAME,
    ),
    "name.id": Entry(
        LOW, "an identifier, in the file's name", LINKS,
        "The file's name holds the identifier {value}.", IN_THE_NAME,
    ),
}  # fmt: skip
