from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.notify.desktop import Desktop, require_programs


@pytest.fixture(scope="session")
def bus_and_screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    require_programs()
    made = Desktop(tmp_path_factory.mktemp("desktop"))
    yield made
    made.close()


@pytest.fixture
def bare_desktop(bus_and_screen: Desktop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A session without a notification server, which the test may start."""
    for name, value in bus_and_screen.environment.items():
        monkeypatch.setenv(name, value)
    yield bus_and_screen
    bus_and_screen.leave()


@pytest.fixture
def desktop(bare_desktop: Desktop) -> Desktop:
    """A session that shows notifications."""
    bare_desktop.show()
    return bare_desktop
