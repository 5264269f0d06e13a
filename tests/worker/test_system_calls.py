"""The numbers of the calls that are refused, beside those of the kernel's own headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from unexposed.worker.system_calls import REFUSED

HEADERS = (
    ("x86_64-linux-gnu/asm/unistd_64.h", 0),
    ("asm-generic/unistd.h", 1),
)


@pytest.mark.parametrize(("header", "column"), HEADERS)
def test_numbers_are_those_of_the_kernel(header: str, column: int) -> None:
    path = Path("/usr/include") / header
    if not path.is_file():
        pytest.skip(f"{path} is not here: it comes with linux-libc-dev")
    defined = re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)\n", path.read_text())
    numbers = {name: int(number) for name, number in defined}
    known = [(name, row[column]) for name, row in REFUSED.items() if name in numbers]
    assert len(known) > 40
    for name, number in known:
        assert number == numbers[name], name
