from __future__ import annotations

import mmap
import re
import time
from pathlib import Path

import pytest

from unexposed.worker.releasing import releasing

SIZE = 64 << 20
STATUS = Path("/proc/self/status")


def held() -> int:
    """Bytes of files that count as this process's own."""
    found = re.search(r"^RssFile:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) << 10


@pytest.mark.skipif(not STATUS.exists(), reason="the system does not say what a process holds")
def test_what_was_read_of_a_large_file_is_let_go_of_and_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(b"film" * (SIZE // 4))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapping:
        before = held()
        assert mapping.find(b"none") < 0
        assert held() - before > SIZE // 2, "without it all stays"
        with releasing(mapping):
            deadline = time.monotonic() + 5
            while held() - before > SIZE // 8 and time.monotonic() < deadline:
                time.sleep(0.01)
            assert held() - before <= SIZE // 8
            assert mapping[:8] == mapping[-8:] == b"filmfilm"
