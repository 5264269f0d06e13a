"""Telling a person what happened, by the desktop's own notifications.

A way to notify is a function like `send`: it takes a title and a body, and raises `Undelivered`
when they could not be shown.
"""

from unexposed.notify.announcer import Announcer
from unexposed.notify.desktop import Undelivered, send

__all__ = ["Announcer", "Undelivered", "send"]
