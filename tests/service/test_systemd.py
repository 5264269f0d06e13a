from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.service import unit
from tests.service.fake import Fake
from tests.service.odd import NOT_UTF_8, ODD_WORDS, any_word, is_utf_8
from unexposed_service import Definition, ServiceError, Systemd
from unexposed_service.commands import Ran
from unexposed_service.systemd import quoted

SHOW = "systemctl --user show"
VERSION = "systemctl --user --version"
PROBE = "systemd-run --user --wait"
QUESTIONS = (VERSION, PROBE)
ABSENT = "LoadState=not-found\nActiveState=inactive\nSubState=dead\nMainPID=0\n"
UP = (
    "LoadState=loaded\nActiveState=active\nSubState=running\nResult=success\nMainPID=4711\n"
    "StatusText=watching 3 folders, 5 files cleaned, 0 held\n"
)
DOWN = "LoadState=loaded\nActiveState=inactive\nSubState=dead\nResult=success\nMainPID=0\n"
TRYING = (
    "LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nResult=exit-code\nMainPID=0\n"
)
FAILED = "LoadState=loaded\nActiveState=failed\nSubState=failed\nResult=timeout\nMainPID=0\n"


def answering(*states: str) -> Fake:
    """A systemd whose unit is in these states, one after the other; the last one stays."""
    left = list(states)

    def show() -> Ran:
        return Ran(0, left.pop(0) if len(left) > 1 else left[0])

    return Fake({SHOW: show})


def orders(fake: Fake) -> list[str]:
    asked = (line for line in fake.orders(besides=SHOW) if not line.startswith(QUESTIONS))
    return [line.removeprefix("systemctl --user ") for line in asked]


def shown(definition: Definition) -> dict[str, dict[str, str]]:
    return unit.read(Systemd(print, Fake()).show(definition))


def exec_start(definition: Definition) -> list[bytes]:
    line = shown(definition)["Service"]["ExecStart"]
    assert line[0] == ":", "dollar signs have no meaning"
    return unit.words(line[1:])


def verified(path: Path) -> str:
    """What systemd itself finds wrong with a unit file."""
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("systemd is not installed, and its unit is to be checked in CI")
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", path],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"XDG_RUNTIME_DIR": str(path.parent)},
    )
    return "\n".join(line for line in done.stderr.splitlines() if str(path.name) in line)


@pytest.mark.parametrize("word", ODD_WORDS)
def test_an_odd_argument_is_read_back_as_it_was(word: str, definition: Definition) -> None:
    odd = msgspec.structs.replace(definition, command=(*definition.command, "--config", word))
    assert exec_start(odd) == [*map(os.fsencode, odd.command)]


@settings(max_examples=200)
@given(st.lists(any_word(), max_size=4))
def test_any_words_are_read_back_as_they_were_and_stand_on_one_line_in_plain_sight(
    those: list[str],
) -> None:
    if not all(map(is_utf_8, those)):
        with pytest.raises(ServiceError, match="not UTF-8"):
            list(map(quoted, those))
        return
    line = " ".join(map(quoted, those))
    assert line.isprintable()
    assert unit.words(line) == [*map(os.fsencode, those)]


@pytest.mark.parametrize("word", NOT_UTF_8)
def test_a_name_that_dbus_cannot_carry_is_refused_with_advice(
    word: str, definition: Definition
) -> None:
    with pytest.raises(ServiceError, match="not UTF-8; give it another name"):
        shown(msgspec.structs.replace(definition, command=(*definition.command, word)))


def test_plain_words_stand_without_quotes(definition: Definition) -> None:
    assert shown(definition)["Service"]["ExecStart"] == ":/opt/unexposed/bin/unexposed run"


@pytest.mark.parametrize("folder", ["o'brien", 'a"b', "back\\slash", "line\nbreak"])
def test_a_program_whose_path_systemd_refuses_is_run_by_a_shell(
    folder: str, definition: Definition
) -> None:
    odd = msgspec.structs.replace(definition, command=(f"/home/{folder}/bin/unexposed", "run"))
    shell, option, script, *rest = exec_start(odd)
    assert (shell, option, script) == (b"/bin/sh", b"-c", b'exec "$0" "$@"')
    assert rest == [*map(os.fsencode, odd.command)]


def test_the_names_of_folders_in_this_shell_are_passed_on(definition: Definition) -> None:
    environment = (("XDG_STATE_HOME", '/srv/s p"%'), ("XDG_CONFIG_HOME", "/srv/c"))
    odd = msgspec.structs.replace(definition, environment=environment)
    line = shown(odd)["Service"]["Environment"]
    assert unit.words(line) == [b'XDG_STATE_HOME=/srv/s p"%', b"XDG_CONFIG_HOME=/srv/c"]


def test_a_folder_that_systemd_cannot_pass_on_is_refused_with_advice(
    definition: Definition,
) -> None:
    odd = msgspec.structs.replace(definition, environment=(("XDG_STATE_HOME", "/caf\udce9"),))
    with pytest.raises(ServiceError, match=r"XDG_STATE_HOME.*caf.*unset it"):
        shown(odd)


def test_the_memory_that_the_configuration_allows_is_there(definition: Definition) -> None:
    assert shown(definition)["Service"]["MemoryHigh"] == "1280M"


def test_a_worker_that_the_system_ends_for_its_memory_does_not_end_the_daemon(
    definition: Definition,
) -> None:
    assert shown(definition)["Service"]["OOMPolicy"] == "continue"


def test_no_hole_of_the_template_is_left(definition: Definition) -> None:
    assert re.findall("@[A-Z_]+@", Systemd(print, Fake()).show(definition)) == []


@pytest.mark.parametrize("word", ODD_WORDS)
def test_systemd_finds_nothing_wrong(word: str, definition: Definition, tmp_path: Path) -> None:
    path = tmp_path / "unexposed.service"
    environment = (("XDG_STATE_HOME", word),) if word.isprintable() else ()
    odd = msgspec.structs.replace(
        definition, command=(sys.executable, "run", word), environment=environment
    )
    if os.path.isabs(word):
        odd = msgspec.structs.replace(odd, writable=(word, "/srv/a b"), made=(word,))
    path.write_text(Systemd(print).show(odd), encoding="utf-8")
    assert verified(path) == ""


def test_systemd_would_find_what_is_wrong(definition: Definition, tmp_path: Path) -> None:
    path = tmp_path / "unexposed.service"
    path.write_text(Systemd(print).show(definition).replace("Nice=5", "Nice=high"))
    assert "nice" in verified(path)


def test_systemd_counts_the_unit_among_the_well_confined(
    definition: Definition, tmp_path: Path
) -> None:
    path = tmp_path / "unexposed.service"
    runnable = msgspec.structs.replace(definition, command=(sys.executable, "run"))
    path.write_text(Systemd(print).show(runnable))
    assert verified(path) == ""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", path],
        capture_output=True,
        text=True,
        check=False,
    )
    level = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert level is not None, done.stderr
    assert float(level[1]) <= 2.0


def test_only_outbox_and_state_can_be_written(definition: Definition) -> None:
    service = shown(definition)["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["ProtectHome"] == "read-only"
    assert unit.words(service["ReadWritePaths"]) == [
        os.fsencode(f"-{path}") for path in definition.writable
    ]


def test_missing_folders_are_made_before_the_daemon_is_confined(definition: Definition) -> None:
    line = shown(definition)["Service"]["ExecStartPre"]
    assert line.startswith("-:+")
    assert unit.words(line[3:])[3:] == [
        os.fsencode(path) for path in (*definition.writable, *definition.made)
    ]


@pytest.mark.parametrize(
    ("path", "private"),
    [("/srv/in", "yes"), ("/tmp/in", "no"), ("/var/tmp/in", "no"), ("/tmpfiles", "yes")],
)
def test_a_folder_among_temporary_files_stays_in_sight(
    path: str, private: str, definition: Definition
) -> None:
    elsewhere = msgspec.structs.replace(definition, watched=(path,), writable=("/srv/out",))
    assert shown(elsewhere)["Service"]["PrivateTmp"] == private


@pytest.mark.parametrize(
    ("version", "backs_off"),
    [("systemd 252 (252.39-1~deb12u1)\n", False), ("systemd 254 (254)\n", True), ("", True)],
)
def test_only_a_systemd_that_knows_how_is_told_to_back_off(
    version: str, backs_off: bool, definition: Definition
) -> None:
    text = Systemd(print, Fake({VERSION: Ran(0, version)})).show(definition)
    assert ("RestartSteps" in text) is backs_off


def test_where_nobody_gets_a_room_of_his_own_it_is_installed_without_and_said(
    definition: Definition, said: list[str]
) -> None:
    fake = answering(ABSENT, UP)
    fake.answers[PROBE] = Ran(217, said="Failed to set up user namespacing")
    service = Systemd(said.append, fake)
    service.install(definition)
    text = service.path.read_text()
    assert "PrivateUsers" not in text
    assert "RestrictAddressFamilies=AF_UNIX" in text
    assert said[0] == (
        "this system does not let a service have a room of its own (Failed to set up user "
        "namespacing); it is installed without"
    )


def test_install_writes_the_unit_enables_and_starts_it(
    home: Path, definition: Definition, said: list[str]
) -> None:
    fake = answering(ABSENT, UP)
    service = Systemd(said.append, fake)
    service.install(definition)
    path = home / ".config" / "systemd" / "user" / "unexposed.service"
    assert path.read_text(encoding="utf-8") == service.show(definition)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == [path.name]
    assert orders(fake) == [
        "daemon-reload",
        "enable unexposed.service",
        "restart unexposed.service",
    ]
    assert said == [
        f"wrote {path}",
        "enabled: it starts with your session",
        "running (process 4711): watching 3 folders, 5 files cleaned, 0 held",
    ]


def test_the_unit_goes_where_xdg_says(
    home: Path, definition: Definition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "etc"))
    Systemd(print, answering(ABSENT, UP)).install(definition)
    assert (home / "etc" / "systemd" / "user" / "unexposed.service").exists()


def test_a_systemd_that_does_not_look_there_is_told_where_the_unit_is(
    definition: Definition,
) -> None:
    fake = answering(ABSENT, ABSENT, UP)
    service = Systemd(print, fake)
    service.install(definition)
    assert f"enable {service.path}" in orders(fake)


def test_installing_again_disturbs_nothing(definition: Definition, said: list[str]) -> None:
    Systemd(print, answering(ABSENT, UP)).install(definition)
    fake = answering(UP)
    Systemd(said.append, fake).install(definition)
    assert orders(fake) == ["daemon-reload", "enable unexposed.service"]
    assert said[-1].startswith("it is up already: running (process 4711)")


def test_installing_again_restarts_when_something_changed(definition: Definition) -> None:
    Systemd(print, answering(ABSENT, UP)).install(definition)
    fake = answering(UP)
    changed = msgspec.structs.replace(definition, memory_mb=2048)
    service = Systemd(print, fake)
    service.install(changed)
    assert "MemoryHigh=2048M" in service.path.read_text()
    assert orders(fake)[-1] == "restart unexposed.service"


def test_installing_again_starts_what_was_stopped(definition: Definition) -> None:
    Systemd(print, answering(ABSENT, UP)).install(definition)
    fake = answering(DOWN, UP)
    Systemd(print, fake).install(definition)
    assert orders(fake)[-1] == "restart unexposed.service"


def test_a_daemon_that_does_not_start_is_told_of(definition: Definition) -> None:
    fake = answering(ABSENT, DOWN, TRYING)
    fake.answers["systemctl --user restart"] = Ran(1, said="Job for unexposed.service failed")
    with pytest.raises(ServiceError) as told:
        Systemd(print, fake).install(definition)
    assert str(told.value) == (
        "the daemon did not start: not running (exit-code, will be tried again); "
        "`unexposed service logs` tells why"
    )


def test_uninstall_removes_the_unit_and_nothing_else(
    home: Path, definition: Definition, said: list[str]
) -> None:
    kept = [home / "state" / "ledger.sqlite3", home / ".config" / "unexposed" / "config.toml"]
    for path in kept:
        path.parent.mkdir(parents=True)
        path.write_text("mine")
    Systemd(print, answering(ABSENT, UP)).install(definition)
    fake = answering(UP)
    service = Systemd(said.append, fake)
    service.uninstall()
    assert not service.path.exists()
    assert all(path.read_text() == "mine" for path in kept)
    assert orders(fake) == ["disable --now unexposed.service", "daemon-reload"]
    assert said[-1] == f"removed {service.path}; your settings, clean copies and history stay"


def test_uninstalling_again_is_no_error(said: list[str]) -> None:
    fake = answering(ABSENT)
    Systemd(said.append, fake).uninstall()
    assert orders(fake) == []
    assert said == ["it is not installed"]


def test_uninstall_stops_a_daemon_whose_unit_was_removed_by_hand() -> None:
    fake = answering(UP.replace("=loaded", "=not-found"))
    Systemd(print, fake).uninstall()
    assert orders(fake)[0] == "stop unexposed.service"


@pytest.mark.parametrize(
    ("state", "running", "text"),
    [
        (UP, True, "running (process 4711): watching 3 folders, 5 files cleaned, 0 held"),
        (UP.replace("=active", "=reloading"), True, None),
        (UP.partition("StatusText")[0], True, "running (process 4711)"),
        (DOWN, False, "not running"),
        (TRYING, False, "not running (exit-code, will be tried again)"),
        (FAILED, False, "not running (timeout)"),
        (TRYING.replace("auto-restart", "start"), False, "not running (activating)"),
        (ABSENT, False, "not running (not installed)"),
        (DOWN.replace("=loaded", "=masked"), False, "not running (masked)"),
    ],
)
def test_status_says_how_it_fares(state: str, running: bool, text: str | None) -> None:
    status = Systemd(print, answering(state)).status()
    assert status.running is running
    assert text in {None, status.text}


def test_start_and_stop_do_so(said: list[str]) -> None:
    fake = answering(DOWN, UP)
    Systemd(said.append, fake).start()
    Systemd(said.append, fake).stop()
    assert orders(fake) == ["start unexposed.service", "stop unexposed.service"]
    assert said[-1] == "stopped"


@pytest.mark.parametrize("ask", [Systemd.start, Systemd.stop])
def test_what_is_not_installed_is_neither_started_nor_stopped(
    ask: Callable[[Systemd], None],
) -> None:
    with pytest.raises(ServiceError, match="`unexposed service install`"):
        ask(Systemd(print, answering(ABSENT)))


def test_logs_show_the_journal() -> None:
    fake = Fake()
    Systemd(print, fake).logs(20, follow=False)
    Systemd(print, fake).logs(5, follow=True)
    assert fake.shown == [
        "journalctl --user-unit unexposed.service --lines 20",
        "journalctl --user-unit unexposed.service --lines 5 --follow",
    ]


def test_without_a_user_manager_nothing_is_written_and_advice_is_given(
    definition: Definition,
) -> None:
    fake = Fake({SHOW: Ran(1, said="Failed to connect to bus: No medium found")})
    service = Systemd(print, fake)
    with pytest.raises(ServiceError, match=r"No medium found.*log in as yourself.*enable-linger"):
        service.install(definition)
    assert not service.path.exists()


def test_what_systemctl_says_is_passed_on(definition: Definition) -> None:
    fake = answering(ABSENT, DOWN)
    fake.answers["systemctl --user enable"] = Ran(1, said="Access denied")
    with pytest.raises(ServiceError, match=r"enable unexposed.service failed: Access denied"):
        Systemd(print, fake).install(definition)


def test_a_folder_that_cannot_be_written_to_is_told_of(home: Path, definition: Definition) -> None:
    (home / ".config").write_text("a file, not a folder")
    with pytest.raises(ServiceError, match=r"unexposed.service cannot be"):
        Systemd(print, answering(ABSENT)).install(definition)
