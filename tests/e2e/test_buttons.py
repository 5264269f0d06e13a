"""What comes of the buttons of a real daemon's notification, pressed on a desktop."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.builders import photos
from tests.e2e.home import Home, wait_until
from tests.notify.desktop import Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a Linux desktop")


@pytest.fixture
def opened(home: Home, desktop: Desktop) -> Path:
    """A daemon that tells at once, and the file in which the desktop notes what it was to open."""
    home.config.write_text(
        f'outbox = "{home.outbox}"\nstate_dir = "{home.state}"\n[notifications]\nburst_seconds = 0.2\n'
        f'[[watch]]\npath = "{home.downloads}"\n'
    )
    programs = home.root / "programs"
    programs.mkdir()
    noted = home.root / "opened"
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\necho "$1" > "{noted}.part"\nmv "{noted}.part" "{noted}"\n')
    opener.chmod(0o755)
    home.start(PATH=f"{programs}:{os.environ['PATH']}")
    return noted


def page(opened: Path) -> str:
    """Wait for a page to be opened, and return it."""
    wait_until(opened.exists, "a page")
    place = opened.read_text().strip()
    return Path(unquote(urlsplit(place).path)).read_text()


def test_details_opens_the_page_about_the_file(home: Home, desktop: Desktop, opened: Path) -> None:
    home.drop("a.jpg", photos.phone_photo())
    desktop.press("details")
    shown = page(opened)
    assert "a.jpg" in shown
    assert "Lisbon" in shown


def test_why_opens_the_page_that_says_so(home: Home, desktop: Desktop, opened: Path) -> None:
    home.drop("half.jpg", photos.phone_photo()[:300])
    desktop.press("why")
    shown = page(opened)
    assert "half.jpg" in shown
    assert "a segment runs over the end of the file" in shown


def test_show_opens_the_outbox_where_no_file_manager_answers(
    home: Home, desktop: Desktop, opened: Path
) -> None:
    home.drop("a.jpg", photos.phone_photo())
    desktop.press("show")
    wait_until(opened.exists, "a folder")
    assert opened.read_text().strip() == str(home.outbox)
