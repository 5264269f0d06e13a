"""Kinds that are pictures and sound themselves, or what these show."""

from __future__ import annotations

from typing import Final

from unexposed.catalogue._entry import (
    ABUSE,
    ACCOUNT,
    CRITICAL,
    HIGH,
    IDENTITY,
    IN_THE_PICTURE,
    LOW,
    MEDIUM,
    OTHERS,
    READS,
    WHERE,
    WHO,
    Entry,
)

CONTENT: Final[dict[str, Entry]] = {
    "content.thumbnail": Entry(
        MEDIUM,
        "a small copy of the picture",
        "Such a copy may show what was cropped or painted over since.",
        "A small copy of the picture is hidden in it ({value}).",
    ),
    "content.second_picture": Entry(
        HIGH, "a second picture", OTHERS, "A second picture is hidden in it ({value})."
    ),
    "content.pages": Entry(
        MEDIUM,
        "further pages",
        "Many viewers show only the first page.",
        "It has further pages ({value}).",
        IN_THE_PICTURE,
    ),
    "content.channels": Entry(
        LOW,
        "samples beside the colours",
        "What they mean is rarely told, and no viewer shows it.",
        "It has samples beside the colours ({value}).",
        IN_THE_PICTURE,
    ),
    "content.video": Entry(
        HIGH,
        "a piece of video",
        "It shows and lets hear the seconds around the moment.",
        "A piece of video is hidden in it ({value}).",
    ),
    "content.audio": Entry(
        HIGH,
        "recorded sound",
        "It lets others hear what was said.",
        "Recorded sound is hidden in it ({value}).",
    ),
    "content.depth": Entry(
        MEDIUM,
        "a depth map",
        "Rooms and faces can be rebuilt from it.",
        "A depth map is hidden in it ({value}).",
    ),
    "content.gain_map": Entry(
        LOW,
        "a brightness map",
        "It is a coarse copy of the picture, for bright screens.",
        "A brightness map is hidden in it ({value}).",
    ),
    "content.face.subject": Entry(
        LOW,
        "the person whom the picture is of",
        "Whoever shares a portrait means to show that face.",
        "It shows the person whom the picture is of ({value}).",
        IN_THE_PICTURE,
    ),
    "content.face.bystander": Entry(
        HIGH,
        "other people",
        "Nobody asked them, and faces can be searched for.",
        "It shows other people ({value}).",
        IN_THE_PICTURE,
    ),
    "content.text": Entry(
        LOW, "readable text", READS, "Text can be read in it: {value}.", IN_THE_PICTURE
    ),
    "content.text.badge": Entry(
        HIGH, "a badge or name plate", WHO, "A badge can be read: {value}.", IN_THE_PICTURE
    ),
    "content.text.email": Entry(
        HIGH,
        "an e-mail address",
        "It leads straight to a person.",
        "An e-mail address can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.phone": Entry(
        HIGH,
        "a phone number",
        "It leads straight to a person.",
        "A phone number can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.account": Entry(
        MEDIUM,
        "the name of an account on a screen",
        "It leads to somebody's account, and to whatever else they post there.",
        "The name of an account can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.address": Entry(
        HIGH,
        "a street address",
        "It leads to a door.",
        "A street address can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.birth_date": Entry(
        HIGH,
        "a date of birth",
        "Beside a name it identifies a person, and many ask for it as proof.",
        "A date of birth can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.coordinates": Entry(
        HIGH,
        "coordinates",
        WHERE,
        "Coordinates can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.plate": Entry(
        MEDIUM,
        "a licence plate",
        "It leads to a car's keeper, though not for everybody.",
        "A licence plate can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.network": Entry(
        MEDIUM,
        "an address in a network",
        "It tells how a network is built.",
        "An address in a network can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.link": Entry(
        HIGH,
        "a link that opens something private",
        ABUSE,
        "A link to something private can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.card": Entry(
        CRITICAL,
        "a payment card's number",
        ABUSE,
        "A payment card's number can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.iban": Entry(
        HIGH,
        "a bank account",
        "Money can be asked of it, and it leads to a person.",
        "A bank account can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.national_id": Entry(
        CRITICAL,
        "a national or tax number",
        IDENTITY,
        "A national or tax number can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.passport": Entry(
        CRITICAL,
        "the lines of a passport or identity card",
        IDENTITY,
        "The lines of a passport or identity card can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.password": Entry(
        CRITICAL,
        "a password",
        ACCOUNT,
        "A password can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.text.secret": Entry(
        CRITICAL,
        "a key or token that opens an account",
        ACCOUNT,
        "A key or token can be read: {value}.",
        IN_THE_PICTURE,
    ),
    "content.code": Entry(LOW, "a code", READS, "It shows a code: {value}.", IN_THE_PICTURE),
    "content.code.link": Entry(
        MEDIUM,
        "a code with a link",
        "It may lead to somebody's pages.",
        "It shows a code with a link: {value}.",
        IN_THE_PICTURE,
    ),
    "content.code.wifi": Entry(
        CRITICAL,
        "a code with the password of a network",
        ACCOUNT,
        "It shows a code with the password of a network: {value}.",
        IN_THE_PICTURE,
    ),
    "content.code.contact": Entry(
        HIGH,
        "a code with somebody's contact",
        "It leads straight to a person.",
        "It shows a code with somebody's contact: {value}.",
        IN_THE_PICTURE,
    ),
    "content.code.boarding_pass": Entry(
        CRITICAL,
        "a boarding pass",
        "It is enough to change or cancel somebody's flight.",
        "It shows a boarding pass: {value}.",
        IN_THE_PICTURE,
    ),
    "content.code.ticket": Entry(
        HIGH, "a ticket", ABUSE, "It shows a ticket: {value}.", IN_THE_PICTURE
    ),
    "content.code.payment": Entry(
        HIGH,
        "a code for a payment",
        "It tells who pays whom, and how much.",
        "It shows a code for a payment: {value}.",
        IN_THE_PICTURE,
    ),
    "content.code.otp": Entry(
        CRITICAL,
        "a secret that makes login codes",
        ACCOUNT,
        "It shows a secret that makes login codes: {value}.",
        IN_THE_PICTURE,
    ),
    "content.code.identity": Entry(
        CRITICAL,
        "a code that tells who somebody is",
        IDENTITY,
        "It shows a code that tells who somebody is: {value}.",
        IN_THE_PICTURE,
    ),
    "content.document": Entry(
        MEDIUM,
        "that it is a picture of a document",
        "Documents are mostly meant for few.",
        "It is a picture of a document ({value}).",
        IN_THE_PICTURE,
    ),
    "content.screenshot": Entry(
        LOW,
        "that it is a picture of a screen",
        "Screens show more than one looks at: the time, tabs, notifications.",
        "It is a picture of a screen ({value}).",
        IN_THE_PICTURE,
    ),
}
