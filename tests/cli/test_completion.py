"""What the shells themselves make of it."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from unexposed.cli.app import main

SHELLS = ("bash", "zsh", "fish")

# A function of bash's fills COMPREPLY, or leaves it to bash (compopt) to find files.
BY_BASH = """\
source {script}
compopt() {{ echo "$@"; }}
COMP_WORDS=({words}) COMP_CWORD={at}
_unexposed_completion unexposed
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the scripts, and unexposed on the path."""
    program = tmp_path / "bin" / "unexposed"
    program.parent.mkdir()
    start = "import sys; sys.argv[0] = 'unexposed'; from unexposed.cli import main; main()"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{start}" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    for shell in SHELLS:
        (tmp_path / shell).write_text(written(shell))
    return tmp_path


def written(shell: str) -> str:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0, result.output
    return result.stdout


def ran(shell: str, *arguments: str) -> str:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    return subprocess.run(
        [shell, *arguments], capture_output=True, text=True, check=True, timeout=60
    ).stdout


def by_bash(folder: Path, *words: str) -> list[str]:
    script = BY_BASH.format(
        script=folder / "bash", words=" ".join(f"'{word}'" for word in words), at=len(words) - 1
    )
    return ran("bash", "-c", script).split()


def test_bash_finishes_commands_options_and_leaves_paths_to_itself(folder: Path) -> None:
    assert by_bash(folder, "unexposed", "do") == ["doctor"]
    assert by_bash(folder, "unexposed", "service", "un") == ["uninstall"]
    assert by_bash(folder, "unexposed", "doctor", "--qu") == ["--quiet"]
    assert by_bash(folder, "unexposed", "completion", "z") == ["zsh"]
    for command in ("clean", "inspect", "retry"):
        assert by_bash(folder, "unexposed", command, "x") == ["-o", "default"]


def test_fish_finishes_commands_with_what_they_do(folder: Path) -> None:
    said = ran("fish", "--no-config", "-c", f"source {folder / 'fish'}; complete -C 'unexposed do'")
    assert said.split()[0] == "doctor"


def test_zsh_takes_it_as_a_function_of_its_own(folder: Path) -> None:
    assert written("zsh").startswith("#compdef unexposed\n"), "how zsh knows whom it is for"
    (folder / "zsh").rename(folder / "_unexposed")
    script = f"fpath+={folder}; autoload -Uz compinit; compinit -u -D; print $_comps[unexposed]"
    assert ran("zsh", "-f", "-c", script) == "_unexposed\n"
    assert "doctor" in by_zsh(folder, "unexposed do")


def by_zsh(folder: Path, typed: str) -> str:
    """Type something and a tab into a zsh, and return what then stands on the terminal."""
    ours, theirs = pty.openpty()
    begin = f"PS1=; fpath+={folder}; autoload -Uz compinit; compinit -u -D; print begun\n"
    with subprocess.Popen(
        ["zsh", "-f", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        try:
            os.write(ours, begin.encode())
            said = _until(ours, b"\nbegun")
            os.write(ours, typed.encode() + b"\t")
            said = _until(ours, b"doctor")
        finally:
            process.kill()
            os.close(ours)
    return said.decode(errors="replace")


def _until(terminal: int, awaited: bytes) -> bytes:
    said = b""
    while awaited not in said:
        said += os.read(terminal, 65_536)
    return said


PLACES = {
    "bash": ".local/share/bash-completion/completions/unexposed",
    "zsh": ".zfunc/_unexposed",
    "fish": ".config/fish/completions/unexposed.fish",
}


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("shell", SHELLS)
def test_it_is_put_where_the_shell_that_one_uses_finds_it(
    person: Path, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    result = CliRunner().invoke(main, ["completion", "--install"])
    assert result.exit_code == 0, result.output
    assert (person / PLACES[shell]).read_text() == written(shell)
    assert f"wrote {person / PLACES[shell]}\n" in result.stdout


def test_man_is_led_to_the_page_of_an_environment_of_its_own(
    person: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = person / "venv" / "share" / "man" / "man1" / "unexposed.1"
    page.parent.mkdir(parents=True)
    page.write_text(".TH")
    monkeypatch.setattr(sys, "prefix", str(person / "venv"))
    for _ in range(2):
        assert CliRunner().invoke(main, ["completion", "--install", "fish"]).exit_code == 0
    link = person / ".local" / "share" / "man" / "man1" / "unexposed.1"
    assert link.readlink() == page
    link.unlink()
    link.write_text("somebody else's")
    CliRunner().invoke(main, ["completion", "--install", "fish"])
    assert link.read_text() == "somebody else's"


def test_fish_and_bash_find_by_themselves_what_was_installed(
    folder: Path, person: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for shell in ("fish", "bash"):
        assert CliRunner().invoke(main, ["completion", "--install", shell]).exit_code == 0
    assert "doctor" in ran("fish", "-c", "complete -C 'unexposed do'")
    loader = Path("/usr/share/bash-completion/bash_completion")
    if loader.exists():
        script = f". {loader}; _completion_loader unexposed; complete -p unexposed"
        assert "_unexposed_completion" in ran("bash", "-c", script)


def test_a_folder_that_cannot_be_made_is_told_of(person: Path) -> None:
    (person / ".config").write_text("a file")
    result = CliRunner().invoke(main, ["completion", "--install", "fish"])
    assert result.exit_code == 1
    assert ".config" in result.stderr


def test_without_a_shell_that_is_known_it_asks_for_one(
    person: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert CliRunner().invoke(main, ["completion", "--install"]).exit_code == 2
    assert CliRunner().invoke(main, ["completion"]).exit_code == 2


def test_an_unknown_shell_is_a_usage_error() -> None:
    result = CliRunner().invoke(main, ["completion", "tcsh"])
    assert result.exit_code == 2
