from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.builders.planted import planted
from tools import manual
from unexposed.cli.completion import script
from unexposed.errors import Malformed
from unexposed.formats import HEAD, formats, sniff
from unexposed.sample import phone_photo
from unexposed.worker.interpret import spans_of

DOCS = Path(__file__).parent.parent / "docs"
README = DOCS.parent / "README.md"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_what_the_code_says_today(generate: ModuleType) -> None:
    for name, make in generate.PAGES.items():
        written = (DOCS / name).read_text(encoding="utf-8")
        assert written == make(), "run: python docs/generate.py"


def test_the_manual_page_is_what_the_commands_say_today() -> None:
    assert manual.PAGE.read_text(encoding="utf-8") == manual.page(), "run: make manual"


@pytest.mark.parametrize("shell", manual.COMPLETIONS)
def test_the_completions_that_are_installed_are_what_is_printed_today(shell: str) -> None:
    installed = manual.COMPLETIONS[shell].read_text(encoding="utf-8")
    assert installed == f"{script(shell)}\n", "run: make manual"


@pytest.mark.parametrize("reader", [("groff", "-man", "-ww", "-Tutf8"), ("mandoc", "-T", "utf8")])
def test_readers_of_manual_pages_have_nothing_to_complain_of(reader: tuple[str, ...]) -> None:
    if shutil.which(reader[0]) is None:
        pytest.skip(f"{reader[0]} is not installed")
    shown = subprocess.run([*reader, manual.PAGE], capture_output=True, text=True, check=True)
    assert shown.stderr == ""
    plain = re.sub(".\b|\x1b\\[[0-9;]*m", "", shown.stdout)
    for command in ("init", "clean [OPTIONS] PATH...", "service install", "completion"):
        assert f"unexposed {command}" in plain


def test_the_tables_tell_of_every_part_what_becomes_of_it() -> None:
    missing = set()
    for kind, _, build in planted():
        source = build()
        handler = sniff(source[:HEAD])
        try:
            parts = handler.dissect(source)
        except Malformed:
            continue
        for span in spans_of(parts, handler.rebuild(source, parts)):
            if not any(place.covers(span.name, span.fate) for place in handler.PLACES):
                missing.add((kind, span.name, span.fate))
    assert missing == set()


def test_every_format_has_a_table() -> None:
    assert all(one.PLACES for one in formats())


def test_the_card_in_the_readme_is_what_is_said_today(tmp_path: Path) -> None:
    _, _, told = README.read_text(encoding="utf-8").partition("$ unexposed ")
    command, *card = told.partition("\n```")[0].splitlines()
    name = command.split()[-1]
    (tmp_path / name).write_bytes(phone_photo())
    shown = subprocess.run(
        [sys.executable, "-m", "unexposed", *command.split()],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    ).stdout
    for group in "\n".join(card).split("\n\n"):
        assert without_sizes(group.removesuffix("\n  ...")) in without_sizes(shown)


def without_sizes(card: str) -> str:
    """Leave out what hangs on how well this machine's encoder does."""
    return re.sub(r"[\d.]+ kB|(kept|removed) [\d,]+|[░█]", "", card)


@pytest.mark.parametrize("name", ["README.md", "docs/architecture.md"])
def test_a_person_is_told_that_blur_and_small_mosaics_can_be_undone(name: str) -> None:
    text = " ".join((DOCS.parent / name).read_text(encoding="utf-8").split())
    assert re.search(
        r"(finer mosaics and blur have been turned back|small cells, and blur, keep)", text
    )
