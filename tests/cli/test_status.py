"""What `status` makes of the ledger; what a running daemon adds is in tests/e2e/test_living.py."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from unexposed.cli.app import main
from unexposed.cli.standing import standing, standing_lines
from unexposed.config import Config, Watch
from unexposed.exposure import Outcome
from unexposed.ledger import Ledger
from unexposed.presence import Heartbeat, note_heartbeat, note_pause, paused_until, the_only_daemon


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        outbox=str(tmp_path / "out"),
        state_dir=str(tmp_path / "state"),
        watch=(Watch(path=str(tmp_path / "in")),),
    )


def text(config: Config) -> str:
    return "\n".join(line.plain for line in standing_lines(standing(config)))


def finish(ledger: Ledger, name: str, outcome: Outcome, reason: str = "") -> None:
    ledger.offer(f"/in/{name}", "/in", "metadata")
    job = ledger.next(time.time())
    assert job is not None
    ledger.finish(job, outcome, reason=reason)


def test_without_a_daemon_it_tells_what_the_ledger_knows(config: Config, tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "state")) as ledger:
        finish(ledger, "a.jpg", Outcome.CLEANED)
        finish(ledger, "b.jpg", Outcome.SKIPPED)
        finish(ledger, "c.jpg", Outcome.HELD, "it is cut short")
        finish(ledger, "d.jpg", Outcome.FAILED, "the copy held something")
        ledger.offer("/in/e.jpg", "/in", "metadata")
    assert text(config).splitlines() == [
        "not running - start it with: unexposed run",
        f"  watch      {tmp_path}/in",
        f"  outbox     {tmp_path}/out",
        "  files      1 cleaned, 1 failed, 1 held, 1 queued, 1 skipped",
        "  pace       3 in the last hour, 3 today",
        "  held back  c.jpg: it is cut short",
        "  failed     d.jpg: the copy held something",
    ]


def test_what_was_finished_long_ago_is_no_pace(config: Config, tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "state")) as ledger:
        finish(ledger, "a.jpg", Outcome.CLEANED)
    later = standing(config, time.time() + 2 * 86_400)
    assert (later.last_hour, later.today) == (0, 0)


def test_a_pause_is_told_until_it_is_over(config: Config, tmp_path: Path) -> None:
    with closing(Ledger(tmp_path / "state")) as ledger:
        note_pause(ledger, time.time() + 3_600)
        assert "\n  paused     until 2" in text(config)
        note_pause(ledger, time.time() + 365 * 86_400)
        assert "\n  paused     until `unexposed resume`" in text(config)
        note_pause(ledger, time.time() - 1)
        assert "paused" not in text(config)


def test_a_pause_ends_when_the_clock_is_set_back_behind_its_beginning(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    with closing(Ledger(tmp_path / "state")) as ledger:
        note_pause(ledger, now + 3_600)
        for clock, until in ((now, now + 3_600), (now - 30, now + 3_600), (now - 86_400, 0.0)):
            monkeypatch.setattr(time, "time", lambda clock=clock: clock)
            assert paused_until(ledger) == until


def test_a_daemon_of_another_version_is_told(config: Config, tmp_path: Path) -> None:
    with the_only_daemon(tmp_path / "state"), closing(Ledger(tmp_path / "state")) as ledger:
        note_heartbeat(ledger, Heartbeat(1, time.time(), (("/in", "watched"),), "0.0.9"))
        assert "  version    0.0.9; installed is " in text(config)
        assert "  watched    /in" in text(config)


def test_open_shows_the_outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'outbox = "{tmp_path}/out"\nstate_dir = "{tmp_path}/state"\n')
    opened: list[Path] = []
    monkeypatch.setattr("unexposed.opening.launch", lambda command: opened.append(command[-1]))
    missing = CliRunner().invoke(main, ["open", "--config", str(config)])
    assert missing.exit_code == 2
    assert "there is no " in missing.stderr
    (tmp_path / "out").mkdir()
    assert CliRunner().invoke(main, ["open", "--config", str(config)]).exit_code == 0
    assert opened == [str(tmp_path / "out")]
