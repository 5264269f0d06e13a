from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.builders.planted import planted
from unexposed.errors import Malformed
from unexposed.formats import HEAD, formats, sniff
from unexposed.worker.interpret import spans_of

DOCS = Path(__file__).parent.parent / "docs"


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
