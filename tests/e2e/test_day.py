"""A day in the life, compressed: what comes in, what comes out, and what a person is told of it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import photos
from tests.e2e.home import Home, wait_until
from tests.e2e.test_living import children_of, mounted
from tests.notify.desktop import Arrived, Desktop
from unexposed.exposure import Outcome
from unexposed.ledger import Entry, Ledger

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a Linux desktop")

_BURST = 4.0
"""Seconds that the daemon waits for more before it tells; 300 pictures may take ten times that."""


GONE = "place, author, serial number and more removed"
WHOLE_BODY = (
    "Taken in Lisbon, Portugal on 1 April 2025 with an Example Phone 15. It also gave away the "
    "author (Anna Beispiel) and the device's serial number. Clean copy in Unexposed."
)
GAVE_AWAY = "gave away the place, the author, the device's serial number, the time, the device"
SECRETS = (photos.SECRET_MODEL, photos.SECRET_SERIAL, photos.SECRET_AUTHOR)


@pytest.fixture
def day(home: Home, desktop: Desktop) -> Home:
    """A person's folders, with notifications that are shown."""
    configure(home)
    return home


def configure(home: Home, burst: float = _BURST) -> None:
    home.config.write_text(
        f'outbox = "{home.outbox}"\nstate_dir = "{home.state}"\n'
        f"[notifications]\nburst_seconds = {burst}\nseconds_between = 0.1\n"
        f'[[watch]]\npath = "{home.downloads}"\n'
    )


def entries(home: Home) -> dict[str, Entry]:
    """Return what the ledger holds of each file now, by its name."""
    with closing(Ledger(home.state, read_only=True)) as ledger:
        assert not ledger.unfinished().total()
        found = ledger.history(1_000, current=True)
    return {os.path.relpath(one.path, home.downloads): one for one in found}


def done(home: Home, name: str) -> int:
    """Return how often a file was finished."""
    with closing(Ledger(home.state, read_only=True)) as ledger:
        return sum(one.path == str(home.downloads / name) for one in ledger.history(1_000))


def at_hand(home: Home) -> list[str]:
    with closing(Ledger(home.state, read_only=True)) as ledger:
        return [one.path for one in ledger.at_hand()]


def small(seed: int) -> bytes:
    return photos.phone_photo(width=64, height=48, seed=seed)


def test_a_day(day: Home, desktop: Desktop) -> None:
    process = day.start()
    told: list[Arrived] = []

    def hears() -> tuple[str, str]:
        told[:] = desktop.arrived(len(told) + 1)
        return told[-1].title, told[-1].shown

    # a download, as browsers do it
    arriving = day.downloads / "IMG_4021.jpg.crdownload"
    content = photos.phone_photo(seed=1)
    with arriving.open("wb") as file:
        for start in range(0, len(content), 4_096):
            file.write(content[start : start + 4_096])
            file.flush()
    arriving.rename(day.downloads / "IMG_4021.jpg")
    assert hears() == (f"IMG_4021.jpg: {GONE}", WHOLE_BODY)
    assert Path(told[-1].image).parent == day.state / "previews"

    # a screenshot tool, which writes the file where it belongs: nothing to tell
    photos.scene().save(day.downloads / "Screenshot from 2025-04-01 18-22-05.png")
    day.copy("Screenshot from 2025-04-01 18-22-05.png")

    # a phone that is synchronised: a whole tree is moved in
    phone = day.root / "arriving"
    for number in range(3):
        folder = phone / "DCIM" / f"10{number}APPLE"
        folder.mkdir(parents=True)
        (folder / f"IMG_{number}.HEIC").write_bytes(photos.phone_heic())
        (folder / f"IMG_{number}.txt").write_text("no picture")
    phone.rename(day.downloads / "Phone")
    assert hears() == (
        "3 pictures cleaned",
        f"3 {GAVE_AWAY}, a hidden thumbnail. Worst: IMG_0.HEIC. Clean copies in Unexposed.",
    )

    # 300 pictures out of an archive
    archive = day.root / "holiday.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for number in range(300):
            packed.writestr(f"Holiday/{number:03}.jpg", small(number))
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(day.downloads)
    title, body = hears()
    assert title == "300 pictures cleaned"
    assert body.startswith(f"300 {GAVE_AWAY}. Worst: ")
    assert body.endswith(".jpg. Clean copies in Unexposed.")

    # an editor that saves three times
    for seed in range(3):
        saved = day.downloads / "edit.jpg~"
        saved.write_bytes(photos.phone_photo(seed=40 + seed))
        saved.rename(day.downloads / "edit.jpg")
        wait_until(lambda times=seed + 1: done(day, "edit.jpg") == times, "it to be cleaned")  # type: ignore[misc]
    assert hears() == (f"edit.jpg: {GONE}", WHOLE_BODY)

    # a file that is deleted while it is read: nothing to tell
    workers = children_of(process.pid)  # one writes copies, one looks at pictures behind it
    worker = min(workers, key=lambda one: os.getpriority(os.PRIO_PROCESS, one))
    os.kill(worker, signal.SIGSTOP)
    gone = day.drop("gone.jpg", photos.phone_photo(seed=50))
    wait_until(lambda: at_hand(day) == [str(gone)], "it to be read")
    gone.unlink()
    os.kill(worker, signal.SIGCONT)

    # one that was cut short on its way
    day.drop("half.jpg", photos.phone_photo()[:300])
    title, body = hears()
    assert title == "half.jpg: held back"
    assert body == (
        "No copy was made: it cannot be read with certainty: "
        "a segment runs over the end of the file (at byte 20)."
    )
    assert told[-1].seconds == 0, "it is shown until somebody saw it"

    day.settled(_BURST + 0.5)
    assert len(desktop.arrived(0)) == len(told), "and that is all"
    day.stop()
    found = entries(day)
    held = [name for name, one in found.items() if one.outcome is Outcome.HELD]
    skipped = {name for name, one in found.items() if one.outcome is Outcome.SKIPPED}
    assert held == ["half.jpg"]
    assert skipped == {f"Phone/DCIM/10{number}APPLE/IMG_{number}.txt" for number in range(3)}
    copies = {Path(one.copy.path).name for one in found.values() if one.copy}
    assert set(day.copies()) == copies
    assert len(copies) == len(found) - 4 == 306
    for name in day.copies():
        clean = (day.outbox / name).read_bytes()
        assert not any(secret.encode() in clean for secret in SECRETS), name
    with Image.open(day.outbox / "edit.jpg") as shown:
        assert shown.tobytes() == Image.open(day.downloads / "edit.jpg").tobytes()


def test_a_full_disk_and_a_broken_configuration(day: Home, desktop: Desktop) -> None:
    configure(day, burst=0.3)
    day.outbox.mkdir()
    with mounted(day.outbox, "2m"):
        day.start()
        filler = day.outbox / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4_096))
        day.drop("a.jpg", photos.phone_photo(seed=1))
        first, *_ = desktop.arrived(1)
        assert first.title == "a.jpg: has to wait"
        assert first.shown == (
            f"No copy yet: the outbox {day.outbox} is full: No space left on device."
        )
        good = day.config.read_text()
        day.config.write_text(f"{good}colour = 1\n")
        *_, refused = desktop.arrived(2)
        assert refused.title == "The new settings are refused, the old ones stay"
        assert 'unknown key "colour"' in refused.shown
        filler.unlink()
        second = day.root / "Second"
        second.mkdir()
        day.config.write_text(f'{good}[[watch]]\npath = "{second}"\n')
        day.copy("a.jpg")
        desktop.arrived(3)
        wait_until(lambda: "watching 2 folders" in day.log(), "the second folder")
        (second / "b.jpg").write_bytes(photos.phone_photo(seed=2))
        day.copy("b.jpg")
        titles = [one.title for one in desktop.arrived(4)]
        day.stop()
        assert titles[2:] == [f"a.jpg: {GONE}", f"b.jpg: {GONE}"]
        assert day.copies() == ["a.jpg", "b.jpg"]
        assert {one.outcome for one in entries(day).values()} == {Outcome.CLEANED}
