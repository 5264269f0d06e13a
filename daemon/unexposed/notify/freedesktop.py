"""Notifications with buttons, through the desktop's own notification server.

Source: Desktop Notifications Specification 1.3.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any, Final

from jeepney import DBusAddress, MatchRule

from unexposed.notify.bus import Bus, BusError
from unexposed.notify.buttons import DETAILS, Act, label, offered, press
from unexposed.notify.message import Message
from unexposed.notify.shown import Shown
from unexposed.notify.undelivered import Undelivered
from unexposed.wording import MAX_BODY, MAX_TITLE, harmless, shortened

_APP: Final = "unexposed"
_SERVER: Final = DBusAddress(
    "/org/freedesktop/Notifications",
    "org.freedesktop.Notifications",
    "org.freedesktop.Notifications",
)
_BUS: Final = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
_BY_ITSELF, _NEVER = -1, 0
"""When it goes away: as the server likes, or not before somebody closed it."""

_IMAGES: Final = frozenset({"body-images", "icon-static", "icon-multi"})

_BODY: Final = "default"
"""What a click on the notification itself is called."""


class Freedesktop:
    """The server, and what was shown by it. `act` is called on a thread of its own for each press.

    `can_copy` tells whether there is a clipboard that takes a file.
    """

    def __init__(self, act: Act, *, can_copy: bool = False) -> None:
        self._act = act
        self._can_copy = can_copy
        self._bus: Bus | None = None
        self._capabilities: frozenset[str] = frozenset()
        self._owner = ""
        """Who the server is on the bus; nobody else can have closed or pressed what it shows."""
        self._shown = Shown()

    def show(self, message: Message) -> None:
        """Show a message, in the place of one with the same tag. Raises Undelivered."""
        try:
            bus = self._connected()
            number = self._notify(bus, message)
        except BusError as problem:
            self.close()
            raise Undelivered(str(problem)) from problem
        self._shown.add(number, message)

    def shows(self, tag: str) -> bool:
        """Whether a message with this tag stands there, whose place a later one takes."""
        return self._shown.number(tag) is not None

    def capabilities(self) -> frozenset[str]:
        """Return what the server can do. Raises Undelivered where there is none."""
        try:
            self._connected()
        except BusError as problem:
            self.close()
            raise Undelivered(str(problem)) from problem
        return self._capabilities

    def called(self) -> str:
        """Return the server's name and version. Raises Undelivered where there is none."""
        try:
            name, _, version, *_ = self._connected().call(_SERVER, "GetServerInformation")
        except BusError as problem:
            self.close()
            raise Undelivered(str(problem)) from problem
        return harmless(f"{name} {version}")

    def close(self) -> None:
        """End the connection; what is shown stays and does nothing any more."""
        bus, self._bus = self._bus, None
        self._shown.clear()
        if bus is not None:
            bus.close()

    def _connected(self) -> Bus:
        bus = self._bus
        if bus is not None and bus.is_up:
            return bus
        if bus is not None:
            self.close()
        self._bus = bus = Bus(self._heard)
        bus.listen(MatchRule(type="signal", interface=_SERVER.interface))
        bus.listen(
            MatchRule(
                type="signal",
                sender=_BUS.bus_name,
                interface=_BUS.interface,
                member="NameOwnerChanged",
            )
        )
        self._ask_for_capabilities(bus)
        return bus

    def _ask_for_capabilities(self, bus: Bus) -> None:
        try:
            (found,) = bus.call(_SERVER, "GetCapabilities")
            self._capabilities = frozenset(found)
            (self._owner,) = bus.call(_BUS, "GetNameOwner", "s", _SERVER.bus_name)
        except (TypeError, ValueError) as problem:
            raise BusError("the notification server answers what makes no sense") from problem

    def _notify(self, bus: Bus, message: Message) -> int:
        if not self._capabilities:
            self._ask_for_capabilities(bus)
        title = shortened(harmless(message.title), MAX_TITLE)
        body = shortened(harmless(message.body), MAX_BODY)
        if "body-markup" in self._capabilities:
            body = html.escape(body, quote=False)
        answer = bus.call(
            _SERVER,
            "Notify",
            "susssasa{sv}i",
            _APP,
            self._shown.number(message.tag) or 0,
            "",
            title,
            body,
            self._actions(message),
            self._hints(message),
            _NEVER if message.stays else _BY_ITSELF,
        )
        if len(answer) != 1 or not isinstance(answer[0], int):
            raise BusError("the notification server answers what makes no sense")
        return answer[0]

    def _actions(self, message: Message) -> list[str]:
        if "actions" not in self._capabilities:
            return []
        words = [(_BODY, label(DETAILS)), *offered(message, can_copy=self._can_copy)]
        return [one for pair in words for one in pair]

    def _hints(self, message: Message) -> dict[str, tuple[str, Any]]:
        hints: dict[str, tuple[str, Any]] = {
            "urgency": ("y", message.urgency),
            "desktop-entry": ("s", _APP),
            "category": ("s", "transfer.error" if message.stays else "transfer.complete"),
        }
        if message.image and not self._capabilities.isdisjoint(_IMAGES):
            hints["image-path"] = ("s", Path(message.image).as_uri())
        return hints

    def _heard(self, sender: str, signal: str, body: tuple[Any, ...]) -> None:
        if sender == _BUS.bus_name:
            if signal != "NameOwnerChanged" or body[:1] != (_SERVER.bus_name,):
                return
            self._capabilities = frozenset()  # another server can do other things
            self._shown.clear()
        elif sender != self._owner or not body or not isinstance(body[0], int):
            return
        elif signal == "NotificationClosed":
            self._shown.closed(body[0])
        elif signal == "ActionInvoked" and len(body) > 1:
            message, key = self._shown.of(body[0]), body[1]
            if message is not None:
                press(self._act, DETAILS if key == _BODY else key, message)
