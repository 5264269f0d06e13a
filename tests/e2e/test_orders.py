"""What a person has a running daemon do: pause, go on, try again, take up another configuration."""

from __future__ import annotations

import subprocess

from tests.builders import photos
from tests.e2e.home import Home, wait_until


def order(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = home.command(*arguments[:1], "--config", str(home.config), *arguments[1:])
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_pause_lets_nothing_begin_and_loses_nothing(home: Home) -> None:
    home.start()
    assert order(home, "pause").stdout == "paused until `unexposed resume`\n"
    home.drop("a.jpg", photos.phone_photo())
    home.settled()
    assert home.copies() == []
    assert order(home, "resume").stdout == "it goes on\n"
    home.copy("a.jpg")


def test_a_pause_ends_by_itself_and_survives_a_restart(home: Home) -> None:
    home.start()
    assert order(home, "pause", "3s").stdout.startswith("paused until 2")
    home.stop()
    home.start()
    home.drop("a.jpg", photos.phone_photo())
    home.settled()
    assert home.copies() == []
    home.copy("a.jpg")


def test_a_wrong_duration_is_refused_with_advice(home: Home) -> None:
    refused = order(home, "pause", "soon")
    assert refused.returncode == 2
    assert '"soon" is no duration; write 30m, 2h or 1d' in refused.stderr


def test_a_file_that_was_held_back_is_tried_again(home: Home) -> None:
    home.configure()
    home.start()
    kept = home.drop("a.jpg", photos.phone_photo()[:300])
    home.drop("b.jpg", photos.phone_photo())
    home.copy("b.jpg")
    wait_until(lambda: "a.jpg: held back" in home.log(), "it to be held back")
    again = order(home, "retry", "--held")
    assert (again.returncode, again.stdout) == (0, "1 file will be tried again now\n")
    wait_until(lambda: home.log().count("a.jpg: held back") == 2, "it to be tried again")
    named = order(home, "retry", str(kept), str(home.downloads / "b.jpg"))
    assert named.returncode == 1
    assert named.stdout == "1 file will be tried again now\n"
    assert "b.jpg: it was neither held back nor did it fail" in named.stderr
    home.stop()
    assert order(home, "retry", "--held").stdout == (
        "1 file will be tried again once the daemon runs\n"
    )


def test_another_configuration_is_taken_up_when_its_file_changes(home: Home) -> None:
    home.start()
    second = home.root / "Second"
    second.mkdir()
    home.configure(watch=f'[[watch]]\npath = "{second}"')
    wait_until(lambda: "watching 2 folders" in home.log(), "the second folder")
    home.config.write_text(home.config.read_text() + "colour = 1\n")
    wait_until(lambda: "the new configuration is refused" in home.log(), "the refusal")
    (second / "a.jpg").write_bytes(photos.phone_photo())
    home.copy("a.jpg")
