"""Asking the kernel whether somebody writes a file."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from unexposed.watch.writers import LOCAL_FILE_SYSTEMS, Writers, file_system

MOUNTS = b"""\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw - btrfs /dev/sdb rw,subvol=/home
31 30 0:50 / /home/me/net\\040share rw master:3 - nfs4 server:/export rw
32 30 0:51 / /home/me/phone rw - fuse.jmtpfs jmtpfs rw
33 22 0:52 / /mnt rw - ext4 /dev/sdc rw
34 22 0:53 / /mnt rw - cifs //server/share rw
broken line
"""

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has leases")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "x.jpg"
    path.write_bytes(b"picture")
    mounts = Path("/proc/self/mountinfo")
    if sys.platform == "linux":
        kind = file_system(str(tmp_path.resolve()), mounts.read_bytes())
        if kind not in LOCAL_FILE_SYSTEMS and not os.environ.get("CI"):
            pytest.skip(f"the folder for tests lies on {kind}")
    return path


def writing(path: Path) -> bool | None:
    return Writers().writing(str(path), os.lstat(path).st_dev)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/x.jpg", "ext4"),
        ("/home/me/x.jpg", "btrfs"),
        ("/homework/x.jpg", "ext4"),
        ("/home/me/net share/x.jpg", "nfs4"),
        ("/home/me/phone/DCIM/x.jpg", "fuse.jmtpfs"),
        ("/mnt/x.jpg", "cifs"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_the_innermost_mount(path: str, kind: str) -> None:
    assert file_system(path, MOUNTS) == kind


def test_nothing_is_concluded_from_a_table_that_tells_nothing() -> None:
    assert file_system("/x.jpg", b"") == ""


@on_linux
def test_a_writer_is_seen_until_it_closes(file: Path) -> None:
    assert writing(file) is False
    with open(file, "ab"):
        assert writing(file) is True
    assert writing(file) is False


@on_linux
def test_a_writer_by_another_name_is_seen(file: Path) -> None:
    other = file.with_name("other")
    os.link(file, other)
    with open(other, "ab"):
        assert writing(file) is True


@on_linux
def test_a_reader_is_no_writer(file: Path) -> None:
    with open(file, "rb"):
        assert writing(file) is False


@on_linux
def test_what_is_no_file_any_more_is_said_to_be_gone(file: Path) -> None:
    device = os.lstat(file).st_dev
    link, pipe, gone = file.with_name("link"), file.with_name("pipe"), file.with_name("gone")
    link.symlink_to(file)
    os.mkfifo(pipe)
    for path in (link, pipe, gone, file.parent):
        with pytest.raises(FileNotFoundError):
            Writers().writing(str(path), device)


@on_linux
def test_on_other_file_systems_the_kernel_is_not_even_asked() -> None:
    path = "/proc/version"
    assert Writers().writing(path, os.lstat(path).st_dev) is None


@on_linux
def test_somebody_who_opens_the_file_just_then_does_not_kill_us(file: Path) -> None:
    # The kernel signals whoever holds the lease; SIGIO, its usual choice, would end the process.
    script = """
        import fcntl, os, sys
        from unexposed.watch.writers import Writers

        path, leases = sys.argv[1], []

        def opened_while_leased(descriptor, command, argument=0):
            result = call(descriptor, command, argument)
            if command == fcntl.F_SETLEASE and argument == fcntl.F_RDLCK:
                try:
                    os.open(path, os.O_WRONLY | os.O_NONBLOCK)
                except BlockingIOError:
                    leases.append("broken")
            return result

        call, fcntl.fcntl = fcntl.fcntl, opened_while_leased
        print(Writers().writing(path, os.lstat(path).st_dev), *leases)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "False broken\n"), done.stderr
