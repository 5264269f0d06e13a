from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unexposed.exposure import Report, finding
from unexposed.places import Home
from unexposed.policy import Policy
from unexposed.worker.protocol import (
    MAX_FRAME,
    REPLIES,
    REQUESTS,
    Closed,
    Done,
    Job,
    ProtocolError,
    receive,
    send,
)

DONE = Done(
    Report(format="jpeg", bytes_total=3, findings=(finding("location.gps", "EXIF GPS", "1, 2"),)),
    (".jpg",),
    copied=True,
    more=False,
)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    left, right = socket.socketpair()
    right.settimeout(2)
    yield left, right
    left.close()
    right.close()


def test_a_message_arrives_as_it_was(pair: tuple[socket.socket, socket.socket]) -> None:
    send(pair[0], DONE)
    assert receive(pair[1], REPLIES) == (DONE, [])


def test_descriptors_arrive_with_a_job(pair: tuple[socket.socket, socket.socket]) -> None:
    reading, writing = os.pipe()
    home = Home(latitude=-1.5, longitude=180)
    send(pair[0], Job(Policy(), write=True, home=home), (reading, writing))
    job, descriptors = receive(pair[1], REQUESTS)
    assert job == Job(Policy(), write=True, home=home)
    os.write(descriptors[1], b"through")
    assert os.read(reading, 10) == b"through"
    for one in (reading, writing, *descriptors):
        os.close(one)


def test_a_frame_beyond_the_bound_is_refused_before_it_is_read(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    pair[0].sendall(struct.pack(">I", MAX_FRAME + 1))
    with pytest.raises(ProtocolError, match="too large"):
        receive(pair[1], REPLIES)


@pytest.mark.parametrize("cut", [1, 3, 4, 10])
def test_a_message_that_stops_in_the_middle_is_closed(
    pair: tuple[socket.socket, socket.socket], cut: int
) -> None:
    body = msgspec.msgpack.encode(DONE)
    pair[0].sendall((struct.pack(">I", len(body)) + body)[:cut])
    pair[0].close()
    with pytest.raises(Closed):
        receive(pair[1], REPLIES)


@given(st.binary(max_size=200))
def test_nonsense_is_refused(untrusted: bytes) -> None:
    left, right = socket.socketpair()
    with left, right:
        left.sendall(struct.pack(">I", len(untrusted)) + untrusted)
        try:
            reply, _ = receive(right, REPLIES)
        except ProtocolError:
            return
        assert isinstance(reply, msgspec.Struct)


def test_an_end_with_something_left_unread_is_an_end_too(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendall(b"half")
    ours.sendall(b"unread")
    theirs.close()
    ours.recv(4)
    with pytest.raises(Closed):
        receive(ours, REPLIES)
