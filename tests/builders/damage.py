"""Ways in which files arrive broken, as hypothesis strategies."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st


def flipped(files: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of the files with up to eight bytes changed."""

    def change(data: bytes, changes: list[tuple[float, int]]) -> bytes:
        copy = bytearray(data)
        for place, value in changes:
            copy[int(place * (len(copy) - 1))] = value
        return bytes(copy)

    places = st.tuples(st.floats(0, 1), st.integers(0, 255))
    return st.builds(change, st.sampled_from(files), st.lists(places, min_size=1, max_size=8))


def cut(files: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of the files up to somewhere."""
    return st.builds(
        lambda data, place: data[: int(place * len(data))], st.sampled_from(files), st.floats(0, 1)
    )


def spliced(files: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """The beginning of one file and the end of another."""
    one, place = st.sampled_from(files), st.floats(0, 1)
    return st.builds(
        lambda left, right, a, b: left[: int(a * len(left))] + right[int(b * len(right)) :],
        one,
        one,
        place,
        place,
    )


def broken(files: Sequence[bytes], beginning: bytes) -> st.SearchStrategy[bytes]:
    """Broken in any of these ways, or random bytes behind a format's own beginning."""
    random = st.binary(max_size=200).map(lambda data: beginning + data)
    return st.one_of(flipped(files), cut(files), spliced(files), random, st.binary(max_size=64))
