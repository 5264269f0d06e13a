from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

import pytest

from tests.builders import photos
from tests.worker.bench import Bench
from unexposed.worker import Aborted, Done, Refused


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
    assert (reply.kind, reply.reason) == ("held", "it took longer than 1 seconds to read")
    reply, _ = bench.run(photos.phone_photo())
    assert isinstance(reply, Done)
    assert pid_of(bench) != hung


def test_a_file_that_kills_the_worker_is_held_back_with_how_it_died(bench: Bench) -> None:
    bench.run(photos.phone_photo())
    pid = pid_of(bench)
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    reply, _ = bench.run(photos.phone_photo())
    assert isinstance(reply, Refused)
    assert reply.kind == "held"
    assert "crash (SIGKILL)" in reply.reason
    assert isinstance(bench.run(photos.phone_photo())[0], Done)


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


def test_a_stopped_worker_is_gone(bench: Bench) -> None:
    bench.run(photos.phone_photo())
    pid = pid_of(bench)
    bench.worker.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_ends_when_its_daemon_is_killed(bench: Bench) -> None:
    bench.run(photos.phone_photo())
    pid = pid_of(bench)
    assert bench.worker._sock is not None
    bench.worker._sock.close()  # what the kernel does for a process that is killed
    bench.worker._sock = None
    for _ in range(100):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return
        time.sleep(0.02)
    pytest.fail("the worker lives on")
