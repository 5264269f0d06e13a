"""A connection to the session's D-Bus: calls with replies, and signals as they come."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusConnection, ReceiveStopped, open_dbus_connection

from unexposed.errors import UnexposedError

_PATIENCE = 10.0
"""Seconds that a reply may take. A notification server may just be starting."""

Hear = Callable[[str, str, tuple[Any, ...]], None]
"""Hears of a signal: who sent it, its name, and what it carries, which may be anything: everybody on a
bus can send. Called on the connection's own thread."""


class BusError(UnexposedError):
    """The bus is not there, or whoever was called on it did not do as asked; the text says why."""


class Bus:
    """One connection; it can be used from any thread, but `hear` may not call."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._waiting: dict[int, Future[Message]] = {}
        self._lost = False
        try:
            self._connection: DBusConnection = open_dbus_connection("SESSION")
        except Exception as problem:  # KeyError without an address, OSError, its own of many kinds
            raise BusError(
                f"no session bus answers ({problem or type(problem).__name__})"
            ) from problem
        self._thread = threading.Thread(target=self._receive, name="bus", daemon=True)
        self._thread.start()

    @property
    def is_up(self) -> bool:
        """Whether it is still connected."""
        return not self._lost

    def call(
        self, address: DBusAddress, method: str, signature: str = "", *body: Any
    ) -> tuple[Any, ...]:
        """Call a method and return what it answers. Raises BusError."""
        message = new_method_call(address, method, signature or None, body)
        return self._ask(message)

    def listen(self, rule: MatchRule) -> None:
        """Ask for the signals that a rule fits. Raises BusError."""
        self._ask(message_bus.AddMatch(rule))

    def close(self) -> None:
        """End the connection."""
        with contextlib.suppress(OSError):
            self._connection.interrupt()
        self._thread.join(_PATIENCE)
        self._connection.close()

    def _ask(self, message: Message) -> tuple[Any, ...]:
        serial = next(self._connection.outgoing_serial)
        answer: Future[Message] = Future()
        self._waiting[serial] = answer
        try:
            if self._lost:
                raise BusError("the session bus went away")
            self._connection.send(message, serial=serial)
            reply = answer.result(_PATIENCE)
        except OSError as problem:  # TimeoutError is one
            reason = str(problem) or f"no answer within {_PATIENCE:g} seconds"
            raise BusError(f"the session bus does not answer: {reason}") from problem
        finally:
            self._waiting.pop(serial, None)
        if reply.header.message_type is MessageType.error:
            name = reply.header.fields.get(HeaderFields.error_name, "an error")
            said = next((one for one in reply.body if isinstance(one, str)), "")
            raise BusError(f"{name}: {said}" if said else str(name))
        body: tuple[Any, ...] = reply.body
        return body

    def _receive(self) -> None:
        try:
            while True:
                self._take(self._connection.receive())
        except (ReceiveStopped, OSError, ValueError):
            pass
        finally:
            self._lost = True
            for answer in list(self._waiting.values()):
                if not answer.done():
                    answer.set_exception(ConnectionResetError("the session bus went away"))

    def _take(self, message: Message) -> None:
        kind, fields = message.header.message_type, message.header.fields
        if kind in (MessageType.method_return, MessageType.error):
            answer = self._waiting.get(fields.get(HeaderFields.reply_serial, 0))
            if answer is not None and not answer.done():
                answer.set_result(message)
        elif kind is MessageType.signal:
            sender, member = (
                fields.get(one, "") for one in (HeaderFields.sender, HeaderFields.member)
            )
            self._hear(sender, member, message.body)
