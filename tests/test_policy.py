"""Which of what a picture shows each value of a policy covers."""

from __future__ import annotations

import pytest

from unexposed.config import Vision
from unexposed.exposure import KINDS
from unexposed.policy import BUILT_IN, Policy

FACES = {kind for kind in KINDS if kind.startswith("content.face.")}
PERSONAL = {kind for kind in KINDS if kind.startswith("content.text.")}
CODES = {kind for kind in KINDS if kind.split(".")[:2] == ["content", "code"]}


def covered(policy: Policy) -> set[str]:
    return {kind for kind in KINDS if policy.covers(kind)}


@pytest.mark.parametrize(
    ("policy", "kinds"),
    [
        (Policy(faces="report", text="report", codes="report"), set()),
        (Policy(faces="bystanders"), {"content.face.bystander"}),
        (Policy(faces="all"), FACES),
        (Policy(text="personal"), PERSONAL),
        (Policy(text="all"), PERSONAL | {"content.text"}),
        (Policy(codes="cover"), CODES),
        (Policy(faces="all", text="all", codes="cover"), FACES | PERSONAL | {"content.text"} | CODES),
    ],
)  # fmt: skip
@pytest.mark.parametrize("cover", ["fill", "pixelate"])
def test_each_value_covers_what_it_says(policy: Policy, kinds: set[str], cover: str) -> None:
    assert covered(policy) == kinds
    assert policy.covering is bool(kinds)


def test_nothing_is_covered_unless_somebody_says_so_and_then_it_is_filled() -> None:
    assert [one for one in BUILT_IN.values() if one.covering] == []
    assert Policy().cover == "fill"


def test_one_thread_looks_unless_somebody_says_otherwise() -> None:
    assert Vision().sight == 1
