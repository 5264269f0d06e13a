from __future__ import annotations

import pytest

from unexposed.config import Home, parse
from unexposed.errors import ConfigError

RIGHT = '[[watch]]\npath = "/pictures"\n'


def errors(text: str) -> list[str]:
    """The problems of a text, one by one."""
    with pytest.raises(ConfigError) as caught:
        parse(text, "c.toml")
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            'outbx = "/out"',
            'line 1: unknown key "outbx"; did you mean "outbox"?',
        ),
        (
            "[notification]\nenabled = true",
            'line 1: unknown key "notification"; did you mean "notifications"?',
        ),
        (
            RIGHT + '[[watch]]\npath = "/b"\npolcy = "strict"',
            'line 5: [[watch]] number 2: unknown key "polcy"; did you mean "policy"?',
        ),
        (
            "[policy.web]\nQuality = 80",
            'line 2: [policy.web]: unknown key "Quality"; did you mean "quality"?',
        ),
        (
            '[policy."my web"]\nqualty = 80',
            'line 2: [policy."my web"]: unknown key "qualty"; did you mean "quality"?',
        ),
        (
            "[notifications]\nxyz = 1",
            'line 2: [notifications]: unknown key "xyz"; known here are enabled, burst_seconds, min_level, seconds_between, quiet_hours, weekly_summary',
        ),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_right_one(text: str, error: str) -> None:
    assert errors(text) == [f"c.toml, {error}"]


def test_a_top_level_key_below_a_table_is_sent_to_the_top_of_the_file() -> None:
    assert errors('[notifications]\nenabled = true\noutbox = "/out"') == [
        (
            'c.toml, line 3: [notifications]: unknown key "outbox";'
            " it belongs at the top of the file, above the first table"
        )
    ]


def test_a_key_of_another_table_is_sent_there() -> None:
    assert errors("burst_seconds = 3") == [
        'c.toml, line 1: unknown key "burst_seconds"; it belongs below [notifications]'
    ]
    assert errors(RIGHT + "quality = 80") == [
        'c.toml, line 3: [[watch]] number 1: unknown key "quality"; it belongs below [policy.NAME]'
    ]
    assert errors('names = "keep"') == [
        'c.toml, line 1: unknown key "names"; it belongs below [[watch]] or [policy.NAME]'
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            '[notifications]\nenabled = "yes"',
            (
                "line 2: [notifications]: enabled must be true or false, without quotes,"
                ' but is "yes"; write enabled = true'
            ),
        ),
        (
            '[notifications]\nenabled = "false"',
            (
                "line 2: [notifications]: enabled must be true or false, without quotes,"
                ' but is "false"; write enabled = false'
            ),
        ),
        (
            '[policy.web]\nquality = "80"',
            (
                "line 2: [policy.web]: quality must be a whole number from 1 to 100,"
                ' but is "80"; write quality = 80'
            ),
        ),
        (
            "[policy.web]\nquality = 101",
            (
                "line 2: [policy.web]: quality must be a whole number from 1 to 100,"
                " but is 101; write quality = 90"
            ),
        ),
        (
            "[policy.web]\nmax_side = 1.5",
            (
                "line 2: [policy.web]: max_side must be a whole number from 0 to 65535,"
                " but is 1.5; write max_side = 0"
            ),
        ),
        (
            "[worker]\ntimeout_seconds = 0",
            (
                "line 2: [worker]: timeout_seconds must be a number above 0 and up to 31536000,"
                " but is 0; write timeout_seconds = 60.0"
            ),
        ),
        (
            "[worker]\nmemory_mb = 16",
            (
                "line 2: [worker]: memory_mb must be a whole number from 64 to 1048576,"
                " but is 16; write memory_mb = 1024"
            ),
        ),
        (
            "[watching]\nsettle_seconds = true",
            (
                "line 2: [watching]: settle_seconds must be a number from 0 to 31536000,"
                " but is true; write settle_seconds = 2.0"
            ),
        ),
        (
            "[watching]\nrescan_seconds = nan",
            (
                "line 2: [watching]: rescan_seconds must be a number from 0 to 31536000,"
                " but is nan; write rescan_seconds = 600.0"
            ),
        ),
        (
            "[watching]\nrescan_seconds = inf",
            (
                "line 2: [watching]: rescan_seconds must be a number from 0 to 31536000,"
                " but is inf; write rescan_seconds = 600.0"
            ),
        ),
        (
            '[policy.web]\npixels = "re-encode"',
            (
                'line 2: [policy.web]: pixels must be "keep" or "reencode",'
                ' but is "re-encode"; write pixels = "reencode"'
            ),
        ),
        (
            "[policy.web]\nmode = 600",
            (
                "line 2: [policy.web]: mode must be three octal digits in quotes,"
                ' but is 600; write mode = "0600"'
            ),
        ),
        (
            '[policy.web]\nmode = "rw"',
            (
                "line 2: [policy.web]: mode must be three octal digits in quotes,"
                ' but is "rw"; write mode = "0600"'
            ),
        ),
        (
            "outbox = 3",
            (
                "line 1: outbox must be a text in quotes, but is 3;"
                ' write outbox = "~/Pictures/Unexposed"'
            ),
        ),
        (
            RIGHT + 'include = "*.jpg"',
            (
                "line 3: [[watch]] number 1: include must be a list of texts,"
                ' but is "*.jpg"; write include = ["*.jpg"]'
            ),
        ),
        (
            RIGHT + 'ignore = [\n  "a",\n  3,\n]',
            (
                "line 5: [[watch]] number 1: ignore must be a list of texts,"
                ' but item 2 is 3; write ignore = ["*.part"]'
            ),
        ),
        (
            '[policy.web]\nhold = ["pdf", "offce"]',
            (
                'line 2: [policy.web]: hold must be a list of any of "archive", "audio", "image",'
                ' "office", "pdf", "video", but item 2 is "offce"; write hold = ["pdf", "office"]'
            ),
        ),
        (
            '[policy.web]\nhold = "pdf"',
            (
                'line 2: [policy.web]: hold must be a list of any of "archive", "audio", "image",'
                ' "office", "pdf", "video", but is "pdf"; write hold = ["pdf"]'
            ),
        ),
        (
            "[home]\nlatitude = 98.7\nlongitude = 1",
            (
                "line 2: [home]: latitude must be a number from -90 to 90,"
                " but is 98.7; write latitude = 38.7226"
            ),
        ),
        (
            '[home]\nlatitude = "38.7"\nlongitude = 1',
            (
                "line 2: [home]: latitude must be a number from -90 to 90,"
                ' but is "38.7"; write latitude = 38.7'
            ),
        ),
        (
            "[home]\nlatitude = 1\nlongitude = nan",
            (
                "line 3: [home]: longitude must be a number from -180 to 180,"
                " but is nan; write longitude = -9.1392"
            ),
        ),
        (
            "[home]\nlatitude = 1\nlongitude = 1\nradius_m = 5",
            (
                "line 4: [home]: radius_m must be a number from 10 to 50000,"
                " but is 5; write radius_m = 200.0"
            ),
        ),
        (
            RIGHT + "names = {}",
            (
                'line 3: [[watch]] number 1: names must be "keep", "replace" or "scrub",'
                ' but is a table; write names = "keep"'
            ),
        ),
        (
            RIGHT + "recursive = []",
            (
                "line 3: [[watch]] number 1: recursive must be true or false, without quotes,"
                " but is a list; write recursive = true"
            ),
        ),
    ],
)
def test_a_wrong_value_is_told_with_what_to_write_instead(text: str, error: str) -> None:
    assert errors(text) == [f"c.toml, {error}"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "notifications = 3",
            "line 1: notifications must be a table, but is 3; write [notifications]",
        ),
        ("home = true", "line 1: home must be a table, but is true; write [home]"),
        ('[watch]\npath = "/a"', "line 1: watch must be a list of tables; write [[watch]]"),
        ("watch = [3]", "line 1: [[watch]] number 1: 3 is not a table; write [[watch]]"),
        ("policy = 3", "line 1: policy must be a table; write [policy.NAME]"),
        (
            "[policy]\nweb = 3",
            "line 2: [policy]: web must be a table, but is 3; write [policy.NAME]",
        ),
        ("[policy]\nmode = 3", "line 2: [policy]: mode belongs to a policy with a name; write it"),
    ],
)
def test_a_value_where_a_table_belongs_is_told_with_the_header_to_write(
    text: str, error: str
) -> None:
    [told] = errors(text)
    assert told.startswith(f"c.toml, {error}")


def test_a_watch_without_a_path_is_told_at_its_header() -> None:
    assert errors(RIGHT + "\n[[watch]]\nrecursive = false") == [
        'c.toml, line 4: [[watch]] number 2: path is missing; write path = "~/Downloads"'
    ]


def test_a_home_without_its_coordinates_is_told_at_its_header() -> None:
    assert errors(RIGHT + "[home]\nradius_m = 100") == [
        "c.toml, line 3: [home]: latitude is missing; write latitude = 38.7226",
        "c.toml, line 3: [home]: longitude is missing; write longitude = -9.1392",
    ]


def test_a_home_is_read_and_there_need_be_none() -> None:
    home = parse(RIGHT + "[home]\nlatitude = -33.9\nlongitude = 18", "c.toml").home
    assert home == Home(latitude=-33.9, longitude=18, radius_m=200)
    assert parse(RIGHT, "c.toml").home is None


def test_a_long_value_is_told_in_part() -> None:
    [error] = errors(f'[policy.web]\nquality = "{"9" * 500}x"')
    assert "…" in error
    assert len(error) < 250


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    told = errors(
        """\
outbox = "$NOT_SET_ANYWHERE/out"
[[watch]]
path = "/a"
policy = "strct"
recursive = 1
[worker]
memory_mb = 0
[policy.web]
extends = "metdata"
colour = "red"
"""
    )
    assert [line.split(":")[0] for line in told] == [
        f"c.toml, line {number}" for number in (1, 4, 5, 7, 9, 10)
    ]


def test_a_table_written_inline_has_its_lines_too() -> None:
    assert errors('watch = [\n  { path = "/a" },\n  { path = "/b", polcy = "x" },\n]') == [
        'c.toml, line 3: [[watch]] number 2: unknown key "polcy"; did you mean "policy"?'
    ]


def test_a_number_too_large_to_be_written_is_told_in_words() -> None:
    [error] = errors(f"[policy.web]\nquality = 0x{'F' * 5000}")
    assert (
        "quality must be a whole number from 1 to 100, but is a number beyond all bounds" in error
    )


def test_a_name_with_a_line_break_does_not_break_the_line() -> None:
    assert errors('"a\\nb" = 1\n[policy."c\\nd"]\nx = 1')[0].startswith(
        'c.toml, line 1: unknown key "a\\nb"; known here are'
    )
