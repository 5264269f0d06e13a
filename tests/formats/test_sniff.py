"""Every file belongs to one format, whichever handler is asked first."""

from __future__ import annotations

import gzip
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import mp4, svg
from tests.builders.planted import planted
from tests.formats.test_raw import canon, olympus, panasonic
from unexposed.formats import HEAD, formats, sniff
from unexposed.formats.parts import ShownInPart

BRANDS = (
    b"avif avis av01 mif1 msf1 miaf heic heix hevc hevx heim heis isom iso2 iso6 mp41 mp42 avc1"
    b" dash M4V  M4A  M4VHqt   3gp5 3g2a crx  jxl  jp2  f4v  mmp4 MSNV XAVC CAEP none"
)
FOUR = [BRANDS[at : at + 4] for at in range(0, len(BRANDS), 5)]


def claimed(head: bytes) -> list[str]:
    return [one.NAME for one in formats() if one.sniff(head)]


def test_each_sample_of_each_builder_is_claimed_by_its_own_format_alone() -> None:
    for kind, name, build in planted():
        assert claimed(build()[:HEAD]) == [kind.split()[-1]], name


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (canon(), "raw"),
        (olympus(), "raw"),
        (panasonic(), "raw"),
        (gzip.compress(svg.plain()), "svgz"),
        (mp4.quicktime(), "mov"),
    ],
)
def test_so_are_those_that_have_no_hiding_places_of_their_own(source: bytes, kind: str) -> None:
    assert claimed(source[:HEAD]) == [kind]


@given(st.lists(st.sampled_from(FOUR), min_size=1, max_size=6), st.binary(max_size=4))
def test_of_the_formats_that_share_a_container_one_claims_a_file_at_most(
    brands: list[bytes], version: bytes
) -> None:
    inside = brands[0] + version.ljust(4, b"\0") + b"".join(brands[1:])
    head = struct.pack(">I", 8 + len(inside)) + b"ftyp" + inside + bytes(100)
    found = claimed(head)
    assert len(found) <= 1, found
    if found:
        assert found[0] == sniff(head).NAME


@given(st.data())
def test_no_other_beginning_belongs_to_two(data: st.DataObject) -> None:
    """Beginnings of samples, cut off, run together and written over anywhere."""
    starts = [build()[:64] for _, _, build in planted()[::40]]
    head = bytearray(data.draw(st.sampled_from(starts))[: data.draw(st.integers(0, 64))])
    head += data.draw(st.sampled_from(starts))
    for _ in range(data.draw(st.integers(0, 4))):
        head[data.draw(st.integers(0, len(head) - 1))] = data.draw(st.integers(0, 255))
    assert len(claimed(bytes(head))) <= 1


def test_those_of_which_decoders_show_a_part_say_what_is_beside_it() -> None:
    assert {one.NAME for one in formats() if isinstance(one, ShownInPart)} == {"avif", "heic"}
