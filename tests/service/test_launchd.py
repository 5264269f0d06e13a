from __future__ import annotations

import os
import plistlib
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.service.fake import Fake
from tests.service.odd import NOT_UTF_8, ODD_WORDS, any_word
from unexposed_service import Definition, Launchd, ServiceError
from unexposed_service.commands import Ran
from unexposed_service.definition import logging_into

PRINT = "launchctl print"
GUI = f"gui/{os.getuid()}"
TARGET = f"{GUI}/org.unexposed.daemon"
ABSENT = Ran(113, said="Could not find service")
UP = Ran(0, f"{TARGET} = {{\n\tactive count = 1\n\tstate = running\n\n\tpid = 4711\n}}\n")
ENDED = Ran(0, f"{TARGET} = {{\n\tstate = not running\n\n\tlast exit code = 2\n}}\n")

# Words with characters that XML has no way to write.
NOT_IN_XML = [word for word in ODD_WORDS if "\a" in word] + list(NOT_UTF_8)


class Mac(Fake):
    """A launchd with one agent, which it lets go of after so many looks."""

    def __init__(self, *, loaded: bool = False, lets_go_after: int = 0) -> None:
        super().__init__({PRINT: self._print})
        self._loaded = loaded
        self._leaving = False
        self._looks_left = lets_go_after

    def __call__(self, command: Sequence[str], *, show: bool = False) -> Ran:
        if command[1] == "bootout":
            self._leaving = True
        elif command[1] == "bootstrap":
            self._loaded, self._leaving = True, False
        return super().__call__(command, show=show)

    def _print(self) -> Ran:
        if self._leaving:
            self._looks_left -= 1
            self._loaded = self._looks_left >= 0
        return UP if self._loaded else ABSENT


def agent(fake: Fake, say: Callable[[str], None] = print) -> Launchd:
    return Launchd(say, fake, sleep=lambda _: None)


def orders(fake: Fake) -> list[str]:
    return [line.removeprefix("launchctl ") for line in fake.orders(besides=PRINT)]


def shown(definition: Definition) -> dict[str, Any]:
    read: dict[str, Any] = plistlib.loads(agent(Fake()).show(definition).encode())
    return read


def in_xml(word: str) -> bool:
    return all(
        one in "\t\n\r" or " " <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" for one in word
    )


@pytest.mark.parametrize("word", [word for word in ODD_WORDS if word not in NOT_IN_XML])
def test_odd_paths_are_read_back_as_they_were(word: str, definition: Definition) -> None:
    odd = msgspec.structs.replace(
        definition,
        command=(*definition.command, "--config", word),
        environment=(("XDG_STATE_HOME", word),),
        state=f"/{word}",
    )
    read = shown(odd)
    assert read["ProgramArguments"] == [*logging_into(odd, "service.log")]
    assert read["EnvironmentVariables"] == {"XDG_STATE_HOME": word}
    assert read["StandardErrorPath"] == os.path.join(odd.state, "service.log")


@settings(max_examples=100)
@given(st.lists(any_word(), max_size=4))
def test_any_words_are_read_back_as_they_were_or_refused(those: list[str]) -> None:
    definition = Definition(command=tuple(those), state="/state", memory_mb=1)
    if all(map(in_xml, those)):
        assert shown(definition)["ProgramArguments"][: len(those)] == those
    else:
        with pytest.raises(ServiceError, match="XML"):
            shown(definition)


@pytest.mark.parametrize("word", NOT_IN_XML)
def test_what_xml_cannot_hold_is_refused(word: str, definition: Definition) -> None:
    with pytest.raises(ServiceError, match="XML cannot hold it"):
        shown(msgspec.structs.replace(definition, command=("/x", word)))


def test_the_definition_says_what_launchd_should_do(definition: Definition, home: Path) -> None:
    assert shown(definition) == {
        "Label": "org.unexposed.daemon",
        "ProgramArguments": [
            "/opt/unexposed/bin/unexposed",
            "run",
            "--log-file",
            str(home / "state" / "service.log"),
        ],
        "EnvironmentVariables": {},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 10,
        "StandardErrorPath": str(home / "state" / "service.log"),
        "Umask": 0o077,
        "HardResourceLimits": {"Core": 0},
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Nice": 5,
    }


def test_install_writes_the_agent_and_loads_it(
    home: Path, definition: Definition, said: list[str]
) -> None:
    fake = Mac()
    service = agent(fake, said.append)
    service.install(definition)
    path = home / "Library" / "LaunchAgents" / "org.unexposed.daemon.plist"
    assert path.read_text(encoding="utf-8") == service.show(definition)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "state").stat().st_mode) == 0o700
    assert orders(fake) == [f"enable {TARGET}", f"bootstrap {GUI} {path}"]
    assert said == [f"wrote {path}", "enabled: it starts now, and with your session"]


def test_installing_again_disturbs_nothing(definition: Definition, said: list[str]) -> None:
    agent(Mac()).install(definition)
    fake = Mac(loaded=True)
    agent(fake, said.append).install(definition)
    assert orders(fake) == []
    assert said == ["it is up already: running (process 4711)"]


def test_installing_again_loads_anew_what_changed(definition: Definition) -> None:
    agent(Mac()).install(definition)
    fake = Mac(loaded=True, lets_go_after=3)
    changed = msgspec.structs.replace(definition, command=("/elsewhere/unexposed", "run"))
    service = agent(fake)
    service.install(changed)
    assert [order.split()[0] for order in orders(fake)] == ["bootout", "enable", "bootstrap"]


def test_a_launchd_that_does_not_let_go_is_told_of(definition: Definition) -> None:
    agent(Mac()).install(definition)
    with pytest.raises(ServiceError, match="does not let go"):
        agent(Mac(loaded=True, lets_go_after=1000)).uninstall()


def test_uninstall_removes_the_agent_and_nothing_else(
    home: Path, definition: Definition, said: list[str]
) -> None:
    agent(Mac()).install(definition)
    ledger = home / "state" / "ledger.sqlite3"
    ledger.write_text("mine")
    fake = Mac(loaded=True)
    service = agent(fake, said.append)
    service.uninstall()
    assert not service.path.exists()
    assert ledger.read_text() == "mine"
    assert orders(fake) == [f"bootout {TARGET}"]


def test_uninstalling_again_is_no_error(said: list[str]) -> None:
    fake = Mac()
    agent(fake, said.append).uninstall()
    assert orders(fake) == []
    assert said == ["it is not installed"]


def test_start_starts_an_agent_that_ended(definition: Definition) -> None:
    agent(Mac()).install(definition)
    fake = Fake({PRINT: ENDED})
    agent(fake).start()
    assert orders(fake) == [f"enable {TARGET}", f"kickstart {TARGET}"]


def test_stop_lasts_until_it_is_started(definition: Definition) -> None:
    agent(Mac()).install(definition)
    fake = Mac(loaded=True)
    service = agent(fake)
    service.stop()
    assert orders(fake) == [f"bootout {TARGET}"]
    assert service.path.exists()


@pytest.mark.parametrize(
    "ask", [Launchd.start, Launchd.stop, lambda service: service.logs(1, follow=False)]
)
def test_what_is_not_installed_is_told_to_be_so(ask: Callable[[Launchd], None]) -> None:
    with pytest.raises(ServiceError, match="`unexposed service install`"):
        ask(agent(Mac()))


@pytest.mark.parametrize(
    ("printed", "running", "text"),
    [
        (UP, True, "running (process 4711)"),
        (ENDED, False, "not running (last exit: 2)"),
        (ABSENT, False, "not running (not installed)"),
    ],
)
def test_status_says_how_it_fares(printed: Ran, running: bool, text: str) -> None:
    status = agent(Fake({PRINT: printed})).status()
    assert (status.running, status.text) == (running, text)


def test_status_tells_an_agent_that_is_not_loaded(definition: Definition) -> None:
    agent(Mac()).install(definition)
    assert agent(Mac()).status().text == "not running (not loaded)"


def test_logs_show_the_file_that_the_installed_agent_writes(
    home: Path, definition: Definition
) -> None:
    fake = Mac()
    service = agent(fake)
    service.install(definition)
    with pytest.raises(ServiceError, match=r"nothing was written to .*service.log yet"):
        service.logs(20, follow=False)
    log = home / "state" / "service.log"
    log.touch()
    service.logs(20, follow=False)
    service.logs(5, follow=True)
    assert fake.shown == [f"tail -n 20 {log}", f"tail -n 5 -F {log}"]


@pytest.mark.parametrize(
    "text", ["", "<plist>", "<plist><array/></plist>", "<plist><dict/></plist>"]
)
def test_a_definition_that_was_damaged_is_told_of(text: str, definition: Definition) -> None:
    service = agent(Mac())
    service.install(definition)
    service.path.write_text(text)
    with pytest.raises(ServiceError, match="`unexposed service install` writes it anew"):
        service.logs(1, follow=False)


def test_what_launchctl_says_is_passed_on(definition: Definition) -> None:
    fake = Mac()
    fake.answers["launchctl bootstrap"] = Ran(5, said="Bootstrap failed: 5: Input/output error")
    with pytest.raises(ServiceError, match=r"bootstrap .* failed: Bootstrap failed: 5"):
        agent(fake).install(definition)
