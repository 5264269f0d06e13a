from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from unexposed import outbox as outbox_module
from unexposed.outbox import Copy, Outbox, OutboxError


@pytest.fixture(params=["unnamed", "hidden"])
def outbox(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Outbox:
    """An outbox on a system with unnamed temporary files, and on one without."""
    if request.param == "hidden":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    made = Outbox(tmp_path / "Unexposed")
    made.prepare()
    return made


def put(outbox: Outbox, content: bytes, name: str = "a.jpg", **options: object) -> Copy:
    with outbox.draft() as draft:
        os.write(draft.descriptor, content)
        return outbox.publish(draft, name, **({"mode": 0o600} | options))  # type: ignore[arg-type]


def test_a_copy_appears_whole_and_alone(outbox: Outbox) -> None:
    copy = put(outbox, b"clean")
    assert Path(copy.path).read_bytes() == b"clean"
    assert os.listdir(outbox.root) == ["a.jpg"]
    assert copy.stands()


def test_a_draft_that_is_not_published_leaves_nothing(outbox: Outbox) -> None:
    with outbox.draft() as draft:
        os.write(draft.descriptor, b"half")
    assert os.listdir(outbox.root) == []


def test_no_file_is_ever_overwritten(outbox: Outbox) -> None:
    (outbox.root / "a.jpg").write_bytes(b"somebody's own")
    copy = put(outbox, b"clean")
    assert Path(copy.path).name == "a-2.jpg"
    assert (outbox.root / "a.jpg").read_bytes() == b"somebody's own"


def test_the_next_free_number_is_found_without_asking_for_all(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 301):
        (outbox.root / f"photo-{number}.jpg").touch()
    asked: list[object] = []
    there = os.path.lexists
    monkeypatch.setattr(os.path, "lexists", lambda path: asked.append(path) or there(path))
    assert Path(put(outbox, b"clean", "photo-1.jpg").path).name == "photo-301.jpg"
    assert len(asked) < 30


def test_a_gap_in_the_numbers_costs_no_file(outbox: Outbox) -> None:
    for number in (1, 2, 3, 5, 9, 10):
        (outbox.root / f"photo-{number}.jpg").touch()
    for _ in range(5):
        assert Path(put(outbox, b"clean", "photo-1.jpg").path).read_bytes() == b"clean"
    assert len(os.listdir(outbox.root)) == 11


def test_a_changed_file_replaces_its_own_copy(outbox: Outbox) -> None:
    first = put(outbox, b"one")
    second = put(outbox, b"two, longer", replaces=first)
    assert second.path == first.path
    assert Path(second.path).read_bytes() == b"two, longer"
    assert os.listdir(outbox.root) == ["a.jpg"]
    assert not first.stands()


def test_a_copy_that_somebody_edited_is_not_replaced(outbox: Outbox) -> None:
    first = put(outbox, b"one")
    Path(first.path).write_bytes(b"edited by hand")
    second = put(outbox, b"two", replaces=first)
    assert Path(second.path).name == "a-2.jpg"
    assert Path(first.path).read_bytes() == b"edited by hand"


def test_a_link_in_the_way_is_not_followed(outbox: Outbox, tmp_path: Path) -> None:
    (outbox.root / "a.jpg").symlink_to(tmp_path / "elsewhere")
    assert Path(put(outbox, b"clean").path).name == "a-2.jpg"
    assert not (tmp_path / "elsewhere").exists()


def test_the_copy_tells_the_day_and_no_more(outbox: Outbox) -> None:
    found = os.stat(put(outbox, b"clean").path)
    assert found.st_mtime % 86_400 == 43_200
    assert abs(found.st_mtime - time.time()) < 86_400
    assert stat.S_IMODE(found.st_mode) == 0o600


def test_the_mode_is_the_policys(outbox: Outbox) -> None:
    assert stat.S_IMODE(os.stat(put(outbox, b"clean", mode=0o644).path).st_mode) == 0o644


def test_sub_folders_are_made_as_needed(outbox: Outbox) -> None:
    copy = put(outbox, b"clean", folder="2025/april")
    assert Path(copy.path) == outbox.root / "2025" / "april" / "a.jpg"


def test_the_copy_is_announced_before_it_appears(outbox: Outbox) -> None:
    seen: list[tuple[str, bool]] = []
    copy = put(
        outbox, b"clean", announce=lambda copy: seen.append((copy.path, os.path.exists(copy.path)))
    )
    assert seen == [(copy.path, False)]


def test_what_a_crash_left_is_swept_but_not_what_is_being_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    outbox = Outbox(tmp_path)
    left = tmp_path / ".unexposed-0123.tmp"
    left.write_bytes(b"half")
    (tmp_path / ".unexposed-notes.txt").write_bytes(b"not ours")
    with outbox.draft() as draft:
        outbox.prepare()
        assert not left.exists()
        assert draft.name is not None
        assert (tmp_path / draft.name).exists()
    assert os.listdir(tmp_path) == [".unexposed-notes.txt"]


def test_without_links_the_copy_is_renamed_into_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.setattr(outbox_module.os, "link", refuse)
    outbox = Outbox(tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"somebody's own")
    assert Path(put(outbox, b"clean").path).name == "a-2.jpg"
    assert sorted(os.listdir(tmp_path)) == ["a-2.jpg", "a.jpg"]


def test_a_name_that_another_thread_took_meanwhile_is_not_taken_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    def take(copy: Copy) -> None:
        if Path(copy.path).name == "a.jpg":
            put(outbox, b"theirs")

    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.setattr(outbox_module.os, "link", refuse)
    outbox = Outbox(tmp_path)
    assert Path(put(outbox, b"ours", announce=take).path).name == "a-2.jpg"
    assert (tmp_path / "a.jpg").read_bytes() == b"theirs"


def test_a_sweep_leaves_a_draft_that_is_about_to_replace_a_copy(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = put(outbox, b"earlier")
    replace = os.replace

    def sweep_first(hidden: str, path: str) -> None:
        outbox_module._taking_names.release()
        outbox.prepare()
        outbox_module._taking_names.acquire()
        replace(hidden, path)

    monkeypatch.setattr(outbox_module.os, "replace", sweep_first)
    assert Path(put(outbox, b"later", replaces=earlier).path).read_bytes() == b"later"


def test_an_outbox_that_is_a_file_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(OutboxError, match=r"x cannot be used: .*x is a file, not a folder"):
        Outbox(tmp_path / "x").prepare()
    with pytest.raises(
        OutboxError, match="below cannot be used: what should be a folder above it is a file"
    ):
        Outbox(tmp_path / "x" / "below").prepare()


def test_without_a_proc_file_system_the_draft_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "_OWN_DESCRIPTORS", str(tmp_path / "no proc"))
    outbox = Outbox(tmp_path / "Unexposed")
    outbox.prepare()
    copy = put(outbox, b"one")
    assert Path(put(outbox, b"two", replaces=copy).path).read_bytes() == b"two"
    assert os.listdir(outbox.root) == ["a.jpg"]


def test_attributes_of_the_file_system_itself_are_none_of_the_copys(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["btrfs.compression", "security.selinux", "system.posix_acl_access", "trusted.x"]
    monkeypatch.setattr(os, "listxattr", lambda _: names, raising=False)
    assert Path(put(outbox, b"clean").path).read_bytes() == b"clean"


def test_an_outbox_that_gives_files_an_attribute_is_refused_with_its_name(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "listxattr", lambda _: ["user.xdg.origin.url"], raising=False)
    with pytest.raises(OutboxError, match=r"gives every file the attribute user\.xdg"):
        put(outbox, b"clean")
    assert os.listdir(outbox.root) == []


def test_a_copy_that_is_as_it_was_published_can_be_removed(outbox: Outbox) -> None:
    copy = put(outbox, b"clean")
    assert outbox.remove(copy)
    assert os.listdir(outbox.root) == []
    assert not outbox.remove(copy)


def test_a_copy_that_somebody_edited_stays(outbox: Outbox) -> None:
    copy = put(outbox, b"clean")
    Path(copy.path).write_bytes(b"CLEAN")  # as long as it was
    assert copy.stands()
    assert not outbox.remove(copy)
    assert Path(copy.path).read_bytes() == b"CLEAN"


def test_a_file_of_the_same_name_that_is_not_ours_stays(outbox: Outbox) -> None:
    copy = put(outbox, b"clean")
    found = os.stat(copy.path)
    theirs = Path(copy.path).with_name("theirs")
    theirs.write_bytes(b"other")
    os.utime(theirs, ns=(found.st_atime_ns, found.st_mtime_ns))
    os.replace(theirs, copy.path)
    assert not outbox.remove(copy)
    assert Path(copy.path).read_bytes() == b"other"


def test_a_copy_in_another_outbox_stays(outbox: Outbox, tmp_path: Path) -> None:
    copy = put(outbox, b"clean")
    other = Outbox(tmp_path / "other")
    other.prepare()
    assert not other.remove(copy)
    assert copy.stands()


def test_a_name_that_another_copy_took_while_a_later_one_was_noted_stays_that_ones(
    outbox: Outbox,
) -> None:
    """A person takes the earlier copy away, and the copy of another file gets its name."""
    earlier = put(outbox, b"one", "a.jpg")
    announced: list[str] = []

    def taken(copy: Copy) -> None:
        if not announced:
            os.unlink(earlier.path)
            put(outbox, b"of another", "a.jpg")
        announced.append(os.path.basename(copy.path))

    later = put(outbox, b"two", "a.jpg", replaces=earlier, announce=taken)
    assert announced == ["a.jpg", "a-2.jpg"]
    assert later.stands()
    contents = {one.name: one.read_bytes() for one in outbox.root.iterdir()}
    assert contents == {"a.jpg": b"of another", "a-2.jpg": b"two"}
