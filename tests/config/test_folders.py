from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import pytest

from unexposed.config import folders
from unexposed.config.settings import Watch


def watches(
    platform: str = "linux",
    settings: Mapping[str, str] | None = None,
    locales: tuple[str, ...] = (),
) -> tuple[Watch, ...]:
    """The default watches of a platform."""
    answers = settings or {}
    return folders.default_watches(
        platform=platform, ask=lambda key: answers.get(key, ""), locales=locales
    )


def screenshots(
    platform: str = "linux",
    settings: Mapping[str, str] | None = None,
    locales: tuple[str, ...] = (),
) -> list[Watch]:
    """What is watched beside Downloads and To Share."""
    return list(watches(platform, settings, locales)[1:-1])


def paths(found: list[Watch]) -> list[Path]:
    return [watch.root for watch in found]


def config_file(home: Path, name: str, text: str) -> None:
    (home / ".config").mkdir(exist_ok=True)
    (home / ".config" / name).write_text(text, encoding="utf-8")


def translation(folder: Path, language: str, message: str, translated: str) -> str:
    """Write a gettext catalogue for gnome-shell with one message; returns the locale folder.

    Source: GNU gettext manual, section "The Format of GNU MO Files".
    """
    header = b"Content-Type: text/plain; charset=UTF-8\n"
    texts = [(b"", header), (message.encode(), translated.encode())]
    at = 28 + 16 * len(texts)
    tables, data = [b"", b""], b""
    for side in (0, 1):
        for pair in texts:
            tables[side] += struct.pack("<II", len(pair[side]), at + len(data))
            data += pair[side] + b"\0"
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    head = struct.pack("<7I", 0x950412DE, 0, len(texts), 28, 28 + 8 * len(texts), 0, at)
    (place / "gnome-shell.mo").write_bytes(head + tables[0] + tables[1] + data)
    return str(folder)


def test_downloads_screenshots_and_to_share_are_watched(home: Path) -> None:
    assert watches() == (
        Watch(path=f"{home}/Downloads"),
        Watch(path=f"{home}/Pictures/Screenshots"),
        Watch(path=f"{home}/To Share", policy="strict", names="scrub", create=True),
    )


def test_the_folders_of_the_desktop_are_honoured_by_their_own_names(home: Path) -> None:
    config_file(
        home,
        "user-dirs.dirs",
        'XDG_DOWNLOAD_DIR="$HOME/Transferências"\nXDG_PICTURES_DIR="/data/Imagens"\n',
    )
    found = watches()
    assert found[0].root == home / "Transferências"
    assert found[1].root == Path("/data/Imagens/Screenshots")
    assert folders.outbox() == Path("/data/Imagens/Unexposed")


@pytest.mark.parametrize("off", ["$HOME", "$HOME/", "/"])
def test_the_whole_home_folder_is_never_watched(off: str, home: Path) -> None:
    config_file(home, "user-dirs.dirs", f'XDG_DOWNLOAD_DIR="{off}"\nXDG_PICTURES_DIR="{off}"\n')
    assert [watch.root for watch in watches()] == [
        home / "Downloads",
        home / "Pictures" / "Screenshots",
        home / "To Share",
    ]
    assert folders.outbox() == home / "Pictures" / "Unexposed"


def test_gnomes_folder_is_found_under_its_translated_name(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locale = translation(tmp_path / "locale", "de", "Screenshots", "Bildschirmfotos")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    places = ("/nowhere", locale)
    assert paths(screenshots(locales=places)) == [home / "Pictures" / "Bildschirmfotos"]


def test_folders_under_both_names_are_watched_if_both_exist(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locale = translation(tmp_path / "locale", "de", "Screenshots", "Bildschirmfotos")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    (home / "Pictures" / "Screenshots").mkdir(parents=True)
    assert paths(screenshots(locales=(locale,))) == [home / "Pictures" / "Screenshots"]
    (home / "Pictures" / "Bildschirmfotos").mkdir()
    assert paths(screenshots(locales=(locale,))) == [
        home / "Pictures" / "Bildschirmfotos",
        home / "Pictures" / "Screenshots",
    ]


def test_a_translation_that_leads_elsewhere_is_passed_over(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locale = translation(tmp_path / "locale", "de", "Screenshots", "../..")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert paths(screenshots(locales=(locale,))) == [home / "Pictures" / "Screenshots"]


@pytest.mark.parametrize("length", [0, 3, 10, 20, 40, 60, 70, 90])
def test_a_damaged_translation_is_passed_over(
    length: int, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locale = translation(tmp_path / "locale", "de", "Screenshots", "Bildschirmfotos")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    catalogue = tmp_path / "locale" / "de" / "LC_MESSAGES" / "gnome-shell.mo"
    catalogue.write_bytes(catalogue.read_bytes()[:length])
    assert paths(screenshots(locales=(locale,))) == [home / "Pictures" / "Screenshots"]


@pytest.mark.parametrize(
    ("rc", "folder"),
    [
        ("[ImageSave]\nimageSaveLocation=file:///data/My%20shots/\n", "/data/My shots"),
        ("[General]\nx=1\n[Save]\ndefaultSaveLocation=file:///data/old\n", "/data/old"),
        ("[General]\ndefault-save-location=/data/older\n", "/data/older"),
        ("[ImageSave]\nimageSaveLocation[$e]=file://$HOME/Shots/\n", "~/Shots"),
        ("[ImageSave]\ntranslatedScreenshotsFolder=Ecrãs\n", "~/Pictures/Ecrãs"),
    ],
)
def test_the_folder_that_spectacle_was_set_to_is_watched(rc: str, folder: str, home: Path) -> None:
    config_file(home, "spectaclerc", rc)
    assert paths(screenshots()) == [Path(folder.replace("~", str(home)))]


def test_spectacles_and_gnomes_folders_are_both_watched_if_both_are_there(home: Path) -> None:
    (home / "Pictures" / "Screenshots").mkdir(parents=True)
    config_file(home, "spectaclerc", "[ImageSave]\nimageSaveLocation=file:///data/shots\n")
    assert paths(screenshots()) == [Path("/data/shots"), home / "Pictures" / "Screenshots"]


@pytest.mark.parametrize(
    "rc",
    [
        "no group\n",
        "[ImageSave]\nimageSaveLocation=sftp://host/x\n",
        "[ImageSave]\nimageSaveLocation=relative\n",
        "[ImageSave]\nimageSaveLocation\n",
        "[ImageSave\n\x00=",
    ],
)
def test_settings_of_spectacle_that_make_no_sense_are_passed_over(rc: str, home: Path) -> None:
    config_file(home, "spectaclerc", rc)
    assert paths(screenshots()) == [home / "Pictures" / "Screenshots"]


def test_of_a_folder_that_holds_other_pictures_only_screenshots_are_taken(home: Path) -> None:
    config_file(home, "spectaclerc", f"[ImageSave]\nimageSaveLocation=file://{home}/Pictures/\n")
    [watch] = screenshots()
    assert watch.root == home / "Pictures"
    assert "Screenshot*" in watch.include
    assert not watch.recursive


def test_screenshots_among_the_downloads_are_not_watched_twice(home: Path) -> None:
    config_file(home, "spectaclerc", f"[ImageSave]\nimageSaveLocation=file://{home}/Downloads/\n")
    assert screenshots() == []


def test_on_macos_only_screenshots_are_taken_from_the_desktop(home: Path) -> None:
    [watch] = screenshots("darwin")
    assert watch.root == home / "Desktop"
    assert "Screenshot*" in watch.include
    assert not watch.recursive


def test_on_macos_the_set_folder_is_watched_whole(home: Path) -> None:
    (home / "Shots").mkdir()
    for location in ("~/Shots", f"{home}/Shots/"):
        assert screenshots("darwin", {"location": location}) == [Watch(path=f"{home}/Shots")]


def test_on_macos_a_set_folder_that_is_gone_gives_way_to_the_desktop(home: Path) -> None:
    assert paths(screenshots("darwin", {"location": "~/Gone"})) == [home / "Desktop"]


def test_on_macos_a_name_of_ones_own_for_screenshots_is_known(home: Path) -> None:
    [watch] = screenshots("darwin", {"name": "Shot [1]"})
    assert watch.include[0] == "Shot [[]1]*"


def test_on_windows_screenshots_are_in_the_pictures(home: Path) -> None:
    assert paths(screenshots("win32")) == [home / "Pictures" / "Screenshots"]


def test_the_state_stands_in_the_systems_place_for_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folders.state_dir() == home / ".local" / "state" / "unexposed"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert folders.state_dir() == tmp_path / "state" / "unexposed"
