"""Each fact that is compared with ExifTool stands in made files of its own, and is told there."""

from __future__ import annotations

from collections import Counter

from benchmarks.agreement_rules import ROWS
from tests.builders.telling import telling
from unexposed.formats import HEAD, sniff
from unexposed.worker.interpret import findings_in

ENOUGH = 10


def test_every_kind_that_is_compared_is_told_of_ten_made_files() -> None:
    told: Counter[str] = Counter()
    for _, _, build in telling():
        content = build()
        container = sniff(content[:HEAD])
        found = findings_in(container.blocks(content, container.dissect(content)))
        told.update({one.kind for one in found})
    assert {row.kind: told[row.kind] for row in ROWS if told[row.kind] < ENOUGH} == {}
