from __future__ import annotations

import pytest

from unexposed.vision.text._joining import passages
from unexposed.vision.text._telling import told_by
from unexposed.vision.text.lines import Line


def line(text: str, x: float, y: float, height: float = 20) -> Line:
    width = len(text) * height / 2
    return Line(text, ((x, y), (x + width, y), (x + width, y + height), (x, y + height)))


def kinds(*lines: Line) -> list[tuple[str, str]]:
    return [(seen.kind, seen.value) for seen in told_by(list(lines))]


def test_a_value_is_understood_by_the_label_on_its_left() -> None:
    seen = told_by([line("Date of birth", 10, 10), line("12/03/1984", 300, 11)])
    assert [one.kind for one in seen] == ["content.text.birth_date", "content.text"]
    assert seen[0].box[0] == 300


def test_a_value_is_understood_by_the_label_above_it() -> None:
    found = kinds(line("Wi-Fi password", 10, 10), line("x7Kp2mQ9", 10, 36))
    assert ("content.text.password", "x…") in found


def test_a_value_far_below_a_label_is_not_its_value() -> None:
    assert [kind for kind, _ in kinds(line("Date of birth", 10, 10), line("12/03/1984", 10, 200))] == [
        "content.text", "content.text",
    ]  # fmt: skip


def test_a_number_cut_in_pieces_is_put_together_and_covered_as_one() -> None:
    groups = [
        line("4111", 10 + 60 * i, 10) if not i else line("1111", 10 + 60 * i, 10) for i in range(4)
    ]
    (card,) = told_by(groups)
    assert (card.kind, card.value) == ("content.text.card", "…1111")
    assert card.box == (10, 10, 220, 20)


def test_only_the_part_that_gives_something_away_is_outlined() -> None:
    (email, rest) = told_by([line("write to me at jane@example.com when you are there", 0, 0)])
    assert email.kind == "content.text.email"
    assert 100 < email.box[0] < 150
    assert email.box[0] + email.box[2] < 330
    assert rest.kind == "content.text"


def test_a_line_that_is_nothing_else_is_told_once() -> None:
    assert kinds(line("jane@example.com", 0, 0)) == [("content.text.email", "jane@example.com")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("4111 1111 1111 1111", "…1111"), ("GB82 WEST 1234 5698 7654 32", "GB…4 32"), ("SSN 536-90-4399", "…399")],
)  # fmt: skip
def test_what_opens_accounts_is_not_repeated_in_full(text: str, shown: str) -> None:
    assert kinds(line(text, 0, 0))[0][1] == shown


def test_lines_that_run_another_way_are_not_one_row() -> None:
    turned = Line("1111", ((200, 0), (200, 80), (180, 80), (180, 0)))
    assert all(len(passage.pieces) == 1 for passage in passages([line("4111", 10, 10), turned]))
