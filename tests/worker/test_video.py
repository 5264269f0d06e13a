"""Videos, which no library of pictures opens, on their way through the worker."""

from __future__ import annotations

import pytest

from tests.builders import mp4 as files
from tests.worker.bench import Bench
from unexposed.policy import Policy
from unexposed.worker import Done, Refused


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (files.metadata_keys(), ".mp4"),
        (files.settings_behind_a_needed_message(), ".mp4"),
        (files.gaps_between_samples(), ".mp4"),
        (files.fragments(base="place", gap=files.CANARY), ".mp4"),
        (files.quicktime_without_a_file_type() + files.CANARY, ".mov"),
    ],
)
@pytest.mark.parametrize("policy", [Policy(verify="decode"), Policy(pixels="reencode")])
def test_a_video_is_cleaned_and_verified(
    bench: Bench, content: bytes, ending: str, policy: Policy
) -> None:
    reply, copy = bench.run(content, policy)
    assert isinstance(reply, Done), reply
    assert reply.extensions[0] == ending
    assert reply.report.findings
    assert all(one.removed for one in reply.report.findings)
    assert files.CANARY not in copy


def test_a_video_that_cannot_be_accounted_for_is_held_back_with_the_reason(bench: Bench) -> None:
    reply, _ = bench.run(files.plain()[:-1], Policy())
    assert isinstance(reply, Refused)
    assert "runs over the end" in reply.reason
