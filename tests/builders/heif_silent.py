"""HEIC and AVIF files with bits and tails that mean nothing, each with a secret in one of them."""

from __future__ import annotations

from collections.abc import Callable

from tests.builders.heif import Coding, File, box, turned, with_alpha, with_colours
from tests.builders.webp import CANARY


def reserved_bytes_of_the_handler(coding: Coding) -> File:
    return coding.file(handler=CANARY[:12])


def minor_version(coding: Coding) -> File:
    return coding.file(minor=CANARY[:4])


def data_behind_an_item_s_name(coding: Coding) -> File:
    file = coding.file()
    file.items[0].behind_name = CANARY
    return file


def reference_to_nothing(coding: Coding) -> File:
    return coding.file(references=((b"priv", 0x4341, (0x4E41, 0x5259)),))


def data_behind_the_size(coding: Coding) -> File:
    return _longer(coding, b"ispe")


def data_behind_the_depths(coding: Coding) -> File:
    return _longer(coding, b"pixi")


def data_behind_the_configuration(coding: Coding) -> File:
    return _longer(coding, coding.configuration)


def data_behind_the_turn(coding: Coding) -> File:
    file = turned(coding)
    return _longer(coding, b"irot", file)


def data_behind_the_colours(coding: Coding) -> File:
    return _longer(coding, b"colr", with_colours(coding))


def data_behind_the_role(coding: Coding) -> File:
    file = with_alpha(coding)
    file.items[1].properties = tuple(
        _with_tail(one) if one[4:8] == b"auxC" else one for one in file.items[1].properties
    )
    return file


def _with(coding: Coding, kind: bytes, content: bytes) -> File:
    file = coding.file()
    file.items[0].properties += (box(kind, content),)
    return file


def colours_of_no_screen(coding: Coding) -> File:
    return _with(coding, b"mdcv", CANARY + bytes(4))


def colours_of_several_screens(coding: Coding) -> File:
    file = colours_of_no_screen(coding)
    file.items[0].properties += (box(b"mdcv", CANARY[4:] + bytes(8)),)
    return file


def primaries_of_no_picture(coding: Coding) -> File:
    return _with(coding, b"cclv", b"\x20" + CANARY + bytes(4))


def light_around_no_viewer(coding: Coding) -> File:
    return _with(coding, b"amve", CANARY[:8])


def light_of_no_screen(coding: Coding) -> File:
    return _with(coding, b"clli", CANARY[:4])


def pixels_of_no_shape(coding: Coding) -> File:
    return _with(coding, b"pasp", CANARY[:8])


def _longer(coding: Coding, kind: bytes, file: File | None = None) -> File:
    file = file or coding.file()
    item = file.items[0]
    item.properties = tuple(_with_tail(one) if one[4:8] == kind else one for one in item.properties)
    return file


def _with_tail(whole: bytes) -> bytes:
    return box(whole[4:8], whole[8:], CANARY)


SILENT_PLACES: tuple[Callable[[Coding], File], ...] = (
    reserved_bytes_of_the_handler,
    minor_version,
    data_behind_an_item_s_name,
    reference_to_nothing,
    data_behind_the_size,
    data_behind_the_depths,
    data_behind_the_configuration,
    data_behind_the_turn,
    data_behind_the_colours,
    data_behind_the_role,
    colours_of_no_screen,
    colours_of_several_screens,
    primaries_of_no_picture,
    light_around_no_viewer,
    light_of_no_screen,
    pixels_of_no_shape,
)
"""Places of which nothing is told, as they say nothing unless somebody puts something there."""
