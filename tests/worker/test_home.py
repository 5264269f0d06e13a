from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import photos
from tests.worker.bench import Bench
from unexposed.exposure import Finding, Level
from unexposed.places import Home
from unexposed.worker import Done

HOME = Home(latitude=photos.LATITUDE, longitude=photos.LONGITUDE)


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench()


def where(bench: Bench) -> Finding:
    """What a phone's photo told of its place."""
    reply, _ = bench.run(photos.phone_photo())
    assert isinstance(reply, Done), reply
    (found,) = (one for one in reply.report.findings if one.kind == "location.gps")
    return found


def test_a_photo_taken_at_home_says_so_first_and_is_critical(bench: Bench) -> None:
    bench.worker.home = HOME
    reply, _ = bench.run(photos.phone_photo())
    assert isinstance(reply, Done)
    assert reply.report.level is Level.CRITICAL
    worst = reply.report.findings[0]
    assert (worst.kind, worst.place, worst.removed) == ("location.gps", "at home", True)
    assert worst.summary.endswith("38.72260, -9.13920, at home")


def test_without_a_home_it_says_the_town(bench: Bench) -> None:
    found = where(bench)
    assert (found.place, found.level) == ("in Lisbon, Portugal", Level.HIGH)
    assert found.value == "38.72260, -9.13920"


def test_home_is_where_the_radius_ends(make_bench: Callable[..., Bench]) -> None:
    beside = {
        "latitude": photos.LATITUDE,
        "longitude": photos.LONGITUDE - 0.01,
    }  # 868 m to the west
    assert where(make_bench(home=Home(**beside, radius_m=860))).place == "in Lisbon, Portugal"
    assert where(make_bench(home=Home(**beside, radius_m=875))).place == "at home"


def test_another_home_counts_from_the_next_file_on(bench: Bench) -> None:
    assert where(bench).place == "in Lisbon, Portugal"
    bench.worker.home = HOME
    assert where(bench).place == "at home"
    bench.worker.home = None
    assert where(bench).place == "in Lisbon, Portugal"
