"""The ledger: every file that was met, what it was, and what became of it.

One row per path and content. A job is a row in state "queued"; killing the daemon at any
moment loses none of them.
"""

from unexposed.ledger.book import Ledger
from unexposed.ledger.entry import Entry, Identity
from unexposed.ledger.schema import LedgerError

__all__ = ["Entry", "Identity", "Ledger", "LedgerError"]
