from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARRIED = {
    "unexposed/locale/de/LC_MESSAGES/unexposed.mo",
    "unexposed_service/unexposed.service.in",
    "unexposed_service/org.unexposed.daemon.plist.in",
}

INSTALLED = {
    "man/man1/unexposed.1": "unexposed.1",
    "bash-completion/completions/unexposed": "completions/unexposed",
    "zsh/site-functions/_unexposed": "completions/_unexposed",
    "fish/vendor_completions.d/unexposed.fish": "completions/unexposed.fish",
}
"""Place below the prefix's share -> what of docs/ is there."""


def test_templates_and_translations_are_in_the_wheel_and_found_there(tmp_path: Path) -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    (built,) = wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        names = set(archive.namelist())
        assert names >= CARRIED
        archive.extractall(tmp_path / "installed")
    script = (
        "import unexposed_service as service\n"
        "assert 'installed' in service.__file__\n"
        "given = service.Definition(command=('/x',), state='/s', memory_mb=1)\n"
        "print(*(kind(print).show(given) for kind in service.KINDS.values()))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "[Unit]" in shown.stdout
    assert "<plist" in shown.stdout


def test_an_installation_has_the_manual_page_and_what_shells_read(tmp_path: Path) -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    (built,) = wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    fresh = tmp_path / "venv"
    venv.create(fresh, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", fresh, "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", built], check=True)
    for place, source in INSTALLED.items():
        assert (fresh / "share" / place).read_bytes() == (ROOT / "docs" / source).read_bytes()
    program = (fresh / "bin" / "unexposed").read_text()
    assert program.startswith(f"#!{fresh}")


def test_the_source_archive_makes_the_same_wheel(tmp_path: Path) -> None:
    sdist = pytest.importorskip("hatchling.builders.sdist", reason="hatchling is not installed")
    wheel = pytest.importorskip("hatchling.builders.wheel")
    (archive,) = sdist.SdistBuilder(str(ROOT)).build(directory=str(tmp_path))
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    contents = []
    for root in (ROOT, Path(archive.removesuffix(".tar.gz"))):
        folder = tmp_path / str(len(contents))
        (built,) = wheel.WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
        with zipfile.ZipFile(built) as opened:
            contents.append({one.filename: one.CRC for one in opened.infolist()})
    assert contents[0] == contents[1]
