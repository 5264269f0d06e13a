"""What the daemon and its worker say to each other, and how it is framed.

A frame is a length of 4 bytes (big-endian) and that many bytes of MessagePack. The
request's descriptors travel with its first byte. The worker opens untrusted
files, so what it sends is bounded and decoded into typed values or refused.
"""

from __future__ import annotations

import array
import socket
import struct
from typing import Literal, TypeAlias, TypeVar

import msgspec

from unexposed.errors import UnexposedError
from unexposed.exposure import Finding, Report
from unexposed.places import Home
from unexposed.policy import Policy

MAX_FRAME = 4 << 20
"""Bytes of a frame at most."""

_LENGTH = struct.Struct(">I")
_MAX_DESCRIPTORS = 2


Kind: TypeAlias = Literal["unsupported", "held", "crashed", "full", "failed"]


class Confinement(msgspec.Struct, frozen=True):
    """Whether a worker is kept from all `files` that it is not given, and from `calls` such as for sockets."""

    files: bool = False
    calls: bool = False


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The worker has loaded all that it needs; `version` is that of the program it loaded.

    The first thing that it says, so that one that cannot start is told from one that a file ends.
    """

    version: str
    sees: bool = False
    """Whether it can search pictures, with what the extra `vision` brings."""
    confinement: Confinement = Confinement()


class Job(msgspec.Struct, frozen=True, tag=True):
    """A request: look at the source, and with `write` put a clean copy into the output.

    The frame carries the source's descriptor and, with `write`, the output's.
    """

    policy: Policy
    write: bool
    home: Home | None = None
    look: bool = True
    """Whether to decode the picture, too, where only that tells more."""
    threads: int = 0
    """With how many threads to search the picture for what it shows, 0 for not to."""


class Show(msgspec.Struct, frozen=True, tag=True):
    """A request: small pictures of what the source, whose descriptor the frame carries, shows."""


class Busy(msgspec.Struct, frozen=True, tag=True):
    """One of many pictures in the file is done, and the work goes on; another reply follows."""


class Done(msgspec.Struct, frozen=True, tag=True):
    """The report. `copied` tells whether the output now holds a verified clean copy.

    With `more` there is something that only decoding tells; a `Looked` follows if that was asked for.
    """

    report: Report
    extensions: tuple[str, ...]
    copied: bool
    more: bool


class Refused(msgspec.Struct, frozen=True, tag=True):
    """No copy was made, for `reason`.

    "unsupported" (no picture that is known), "held" (must not go out), "crashed" (the worker did
    not come to its end, which says nothing certain of the file), "full" (no room for the copy:
    worth another try), "failed" (a fault of this program).
    """

    kind: Kind
    reason: str
    report: Report | None = None


class Looked(msgspec.Struct, frozen=True, tag=True):
    """Findings that took decoding the picture, sent after the copy was ready."""

    findings: tuple[Finding, ...]


class Small(msgspec.Struct, frozen=True):
    """A small picture, encoded anew as a JPEG; the size is in pixels, `where` it stood hidden.

    `whole` is the size of what it was made from, the right way up: what boxes of findings are on.
    """

    jpeg: bytes
    width: int
    height: int
    where: str = ""
    whole: tuple[int, int] = (0, 0)


class Shown(msgspec.Struct, frozen=True, tag=True):
    """The answer to `Show`: the picture, if it could be decoded, and what thumbnails it hides."""

    picture: Small | None = None
    thumbnails: tuple[Small, ...] = ()


Request: TypeAlias = Job | Show
Reply: TypeAlias = Done | Refused | Looked | Shown
Message = TypeVar("Message")

REQUESTS: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
GREETINGS: msgspec.msgpack.Decoder[Ready] = msgspec.msgpack.Decoder(Ready)
REPLIES: msgspec.msgpack.Decoder[Reply | Busy] = msgspec.msgpack.Decoder(Reply | Busy)


class ProtocolError(UnexposedError):
    """The other side said something that cannot be understood."""


class Closed(UnexposedError):
    """The other side is gone."""


def send(
    sock: socket.socket, message: Request | Ready | Busy | Reply, descriptors: tuple[int, ...] = ()
) -> None:
    """Send one frame, with descriptors. Raises Closed when nobody is there to take it."""
    body = msgspec.msgpack.encode(message)
    if len(body) > MAX_FRAME:
        raise ProtocolError(f"a message of {len(body)} bytes is too large")
    frame = _LENGTH.pack(len(body)) + body
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
    try:
        # in one piece: half a frame would wake the other side for nothing
        sent = sock.sendmsg([frame], rights if descriptors else [])
        if sent < len(frame):
            sock.sendall(frame[sent:])
    except OSError as problem:
        raise Closed(str(problem)) from problem


def receive(
    sock: socket.socket, decoder: msgspec.msgpack.Decoder[Message]
) -> tuple[Message, list[int]]:
    """Receive one frame and its descriptors.

    Raises Closed at the end of the stream, TimeoutError when the socket's time-out
    passes, and ProtocolError for anything that the decoder refuses.
    """
    try:
        head, descriptors, _, _ = socket.recv_fds(sock, _LENGTH.size, _MAX_DESCRIPTORS)
        if not head:
            raise Closed("the other side closed the connection")
        head += _exactly(sock, _LENGTH.size - len(head))
        (length,) = _LENGTH.unpack(head)
        if length > MAX_FRAME:
            raise ProtocolError(f"a message of {length} bytes is too large")
        untrusted_body = _exactly(sock, length)
    except ConnectionError as problem:  # it ended with something of ours unread
        raise Closed(str(problem)) from problem
    try:
        return decoder.decode(untrusted_body), descriptors
    except msgspec.MsgspecError as problem:
        raise ProtocolError(f"a message that makes no sense: {problem}") from problem


def _exactly(sock: socket.socket, size: int) -> bytes:
    pieces = []
    while size:
        piece = sock.recv(min(size, 1 << 16))
        if not piece:
            raise Closed("the other side stopped in the middle of a message")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
