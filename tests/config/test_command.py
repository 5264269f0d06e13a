from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from unexposed import config
from unexposed.cli.app import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["config", *arguments])


def test_init_writes_the_example_for_its_owner_alone(home: Path) -> None:
    result = run("init")
    path = home / ".config" / "unexposed" / "config.toml"
    assert result.exit_code == 0
    assert result.stdout == f"Wrote {path}\n"
    assert path.read_text(encoding="utf-8") == config.example()
    assert path.stat().st_mode & 0o777 == 0o600
    assert config.load() == config.defaults()


def test_init_does_not_write_over_a_file_unless_it_is_told_to(home: Path) -> None:
    path = config.default_path()
    path.parent.mkdir(parents=True)
    path.write_text("# mine\n" * 9999)
    result = run("init")
    assert result.exit_code == 2
    assert result.stderr == f"unexposed: {path} is there already; --force writes over it\n"
    assert path.read_text() == "# mine\n" * 9999
    assert run("init", "--force").exit_code == 0
    assert path.read_text(encoding="utf-8") == config.example()


def test_init_tells_why_it_cannot_write(home: Path) -> None:
    (home / ".config").write_text("a file, not a folder")
    result = run("init")
    assert result.exit_code == 2
    assert "config.toml cannot be written: " in result.stderr


def test_check_sums_up_what_is_watched_with_which_policy(home: Path) -> None:
    path = home / "c.toml"
    path.write_text('outbox = "/o"\n[[watch]]\npath = "/a"\npolicy = "strict"\nnames = "keep"')
    result = run("check", str(path))
    assert result.exit_code == 0
    assert result.stdout == (
        f"{path} is right.\nwatches  /a  (policy: strict, names: keep)\noutbox   /o\n"
    )


def test_check_says_when_there_is_no_file(home: Path) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.startswith(
        f"No configuration file; the defaults hold.\nwatches  {home}/Downloads  (policy: metadata)\n"
    )


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_wrong_configuration_exits_with_2_and_prints_only_its_errors(
    command: str, home: Path
) -> None:
    path = home / "c.toml"
    path.write_text("colour = 1\n[worker]\nmemory_mb = 1")
    result = run(command, str(path))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        'unexposed: ~/c.toml, line 1: unknown key "colour"; known here are outbox, state_dir, language, keep_copies_days,'
        " notifications, watching, worker, vision, history, home, watch, policy\n"
        "~/c.toml, line 3: [worker]: memory_mb must be a whole number from 64 to 1048576,"
        " but is 1; write memory_mb = 1024\n"
    )


def test_show_prints_a_configuration_that_means_the_same(home: Path) -> None:
    path = home / "c.toml"
    path.write_text('[[watch]]\npath = "~/in"\n[policy.web]\nquality = 70')
    result = run("show", str(path))
    assert result.exit_code == 0
    assert f'path = "{home}/in"' in result.stdout
    assert config.parse(result.stdout, "shown") == config.load(path)


def test_show_prints_paths_that_are_not_text(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", "/a\udce9")
    path = home / "c.toml"
    path.write_text('[[watch]]\npath = "$PLACE"')
    assert b'path = "/a\xe9"' in run("show", str(path)).stdout_bytes


def test_path_prints_where_the_file_belongs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("path").stdout == f"{home}/.config/unexposed/config.toml\n"
    monkeypatch.setenv("UNEXPOSED_CONFIG", "/etc/u.toml")
    assert run("path").stdout == "/etc/u.toml\n"
