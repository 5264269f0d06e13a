from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.builders import c2pa, photos, png
from tests.worker.bench import Bench
from unexposed.policy import Policy
from unexposed.worker import Aborted, Done, Refused, WorkerUnavailable, client
from unexposed.worker.protocol import Busy, Closed, Job, Shown, send


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench()


def pid_of(bench: Bench) -> int:
    assert bench.worker.pid is not None
    return bench.worker.pid


def test_one_process_serves_many_files(bench: Bench) -> None:
    reply, first = bench.run(photos.phone_photo())
    assert isinstance(reply, Done)
    assert reply.copied
    pid = pid_of(bench)
    _, second = bench.run(photos.phone_photo())
    assert pid_of(bench) == pid
    assert first == second


def test_a_file_that_hangs_the_worker_is_held_back_and_the_next_gets_a_fresh_one(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(timeout=1.0)
    bench.run(photos.phone_photo())
    hung = pid_of(bench)
    os.kill(hung, signal.SIGSTOP)
    reply, _ = bench.run(photos.phone_photo())
    assert isinstance(reply, Refused)
    assert (reply.kind, reply.reason) == ("crashed", "it took longer than 1 seconds to read")
    reply, _ = bench.run(photos.phone_photo())
    assert isinstance(reply, Done)
    assert pid_of(bench) != hung


def end(bench: Bench, number: signal.Signals) -> None:
    """Let the worker be at work on the next file when it is sent a signal."""
    pid = pid_of(bench)
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.2, os.kill, (pid, number)).start()


def test_a_file_that_crashes_the_worker_is_held_back_with_how_it_died(bench: Bench) -> None:
    bench.run(photos.phone_photo())
    end(bench, signal.SIGSEGV)
    threading.Timer(0.3, os.kill, (pid_of(bench), signal.SIGCONT)).start()
    reply, _ = bench.run(photos.phone_photo())
    assert isinstance(reply, Refused)
    assert (reply.kind, reply.reason) == ("crashed", "reading it made the worker crash (SIGSEGV)")
    assert isinstance(bench.run(photos.phone_photo())[0], Done)


def test_a_worker_that_is_killed_from_outside_costs_no_file(bench: Bench) -> None:
    _, wanted = bench.run(photos.phone_photo())
    killed = pid_of(bench)
    end(bench, signal.SIGKILL)
    reply, copy = bench.run(photos.phone_photo())
    assert isinstance(reply, Done)
    assert copy == wanted
    assert pid_of(bench) != killed


def test_what_a_killed_worker_had_written_is_no_part_of_the_copy(bench: Bench) -> None:
    _, wanted = bench.run(photos.phone_photo())
    end(bench, signal.SIGKILL)
    threading.Timer(0.1, (bench.folder / "output").write_bytes, (b"left behind" * 9999,)).start()
    assert bench.run(photos.phone_photo())[1] == wanted


def test_one_that_is_killed_again_and_again_does_not_blame_the_file(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.run(photos.phone_photo())
    end(bench, signal.SIGKILL)
    start = bench.worker._start

    def start_and_be_killed() -> None:
        start()
        end(bench, signal.SIGKILL)

    monkeypatch.setattr(bench.worker, "_start", start_and_be_killed)
    reply, _ = bench.run(photos.phone_photo())
    assert isinstance(reply, Refused)
    assert reply.kind == "crashed"
    assert "ended from outside twice while it read it (SIGKILL)" in reply.reason


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_for_the_daemon_do_not_end_its_worker(bench: Bench, number: signal.Signals) -> None:
    bench.run(photos.phone_photo())
    pid = pid_of(bench)
    os.kill(pid, number)
    assert isinstance(bench.run(photos.phone_photo())[0], Done)
    assert pid_of(bench) == pid
    assert os.getsid(pid) != os.getsid(0), "a terminal that closes does not reach it"


def broken(folder: Path, module: str, content: str) -> str:
    """A folder that stands before the true modules, with a broken one, as amid an update."""
    (folder / f"{module}.py").write_text(content)
    return str(folder)


def test_a_worker_that_cannot_start_is_no_fault_of_the_file(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", broken(tmp_path, "piexif", "raise ImportError('half there')"))
    with pytest.raises(WorkerUnavailable, match="starting made the worker end with status 1"):
        bench.run(photos.phone_photo())
    assert bench.worker.pid is None
    monkeypatch.delenv("PYTHONPATH")
    assert isinstance(bench.run(photos.phone_photo())[0], Done)


def test_one_that_ends_as_soon_as_it_is_ready_is_unavailable(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = bench.worker._start

    def start_and_end() -> None:
        start()
        os.kill(pid_of(bench), signal.SIGKILL)
        os.waitid(os.P_PID, pid_of(bench), os.WEXITED | os.WNOWAIT)

    monkeypatch.setattr(bench.worker, "_start", start_and_end)
    with pytest.raises(WorkerUnavailable, match="as soon as it has started"):
        bench.run(photos.phone_photo())


def test_a_worker_of_another_version_is_not_given_files(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "__version__", "99")
    with pytest.raises(WorkerUnavailable, match="updated while it ran"):
        bench.run(photos.phone_photo())


def test_a_python_that_is_gone_is_no_fault_of_the_file(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(WorkerUnavailable, match="No such file"):
        bench.run(photos.phone_photo())


def test_a_large_file_may_take_longer(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_PACE", 1000)
    bench = make_bench(timeout=0.2)
    photo = photos.phone_photo()
    bench.run(photo)
    os.kill(pid_of(bench), signal.SIGSTOP)
    threading.Timer(1.0, os.kill, (pid_of(bench), signal.SIGCONT)).start()
    assert isinstance(bench.run(photo)[0], Done)


def saying(words: Callable[[socket.socket], None]) -> socket.socket:
    """The daemon's end of a connection, at the other end of which a thread says something."""
    ours, theirs = socket.socketpair()

    def speak() -> None:
        with theirs, suppress(Closed):
            words(theirs)

    threading.Thread(target=speak, daemon=True).start()
    return ours


def test_a_worker_that_says_that_it_goes_on_is_waited_for() -> None:
    def words(sock: socket.socket) -> None:
        for _ in range(6):
            time.sleep(0.2)
            send(sock, Busy())
        send(sock, Shown())

    worker = client.Worker(timeout=1.0)
    begun = time.monotonic()
    with saying(words) as sock:
        assert worker._reply(sock) == Shown()
    assert worker.heard > begun + 1.1


def test_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def words(sock: socket.socket) -> None:
        while True:
            send(sock, Busy())
            time.sleep(0.05)

    monkeypatch.setattr(client, "_MANY_TIMES", 3)
    with saying(words) as sock, pytest.raises(TimeoutError, match=r"^1\.5$"):
        client.Worker(timeout=0.5)._reply(sock)


def test_a_worker_that_died_while_idle_costs_no_file(bench: Bench) -> None:
    bench.run(photos.phone_photo())
    os.kill(pid_of(bench), signal.SIGKILL)
    time.sleep(0.1)
    assert isinstance(bench.run(photos.phone_photo())[0], Done)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's RLIMIT_DATA")
def test_a_file_that_needs_too_much_memory_is_held_back(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(memory_mb=64)
    photo = photos.phone_photo(width=6000, height=6000)
    strict = photos.strict_policy()
    reply, _ = bench.run(photo, strict)
    assert isinstance(reply, Refused)
    assert (reply.kind, reply.reason) == ("held", "it needs more memory than the worker may use")
    assert isinstance(bench.run(photos.phone_photo())[0], Done)


def test_it_can_be_ended_in_the_middle_of_a_file(bench: Bench) -> None:
    bench.run(photos.phone_photo())
    os.kill(pid_of(bench), signal.SIGSTOP)
    threading.Timer(0.2, bench.worker.abort).start()
    with pytest.raises(Aborted):
        bench.run(photos.phone_photo())


def test_it_can_be_ended_while_it_starts(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", broken(tmp_path, "piexif", "import time; time.sleep(30)"))
    threading.Timer(0.3, bench.worker.abort).start()
    started = time.monotonic()
    with pytest.raises(Aborted):
        bench.run(photos.phone_photo())
    assert time.monotonic() - started < 5


def test_a_stopped_worker_is_gone(bench: Bench) -> None:
    bench.run(photos.phone_photo())
    pid = pid_of(bench)
    bench.worker.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_ends_when_its_daemon_is_killed(bench: Bench) -> None:
    bench.run(photos.phone_photo())
    assert_it_ends_alone(bench)


def test_it_ends_when_its_daemon_is_killed_whatever_it_is_at(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = broken(tmp_path, "cbor2", "import time; time.sleep(30)")
    monkeypatch.setenv("PYTHONPATH", slow)
    recorded = tmp_path / "recorded.png"
    recorded.write_bytes(png.before(png.rgb(), b"IDAT", (b"caBX", c2pa.a_generated_picture())))
    with open(recorded, "rb") as source:
        job = Job(Policy(), write=False)
        send(bench.worker._connect(), job, (source.fileno(),))
    assert_it_ends_alone(bench)


def assert_it_ends_alone(bench: Bench) -> None:
    pid = pid_of(bench)
    assert bench.worker._sock is not None
    bench.worker._sock.close()  # what the kernel does for a process that is killed
    bench.worker._sock = None
    for _ in range(100):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return
        time.sleep(0.02)
    pytest.fail("the worker lives on")
