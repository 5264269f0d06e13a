"""The ledger: every file that was met, what it was, and what became of it.

One row per path and content. A job is a row in state "queued"; killing the daemon at any
moment loses none of them. Beside the jobs stands which copies the command `clean` made.
"""

from unexposed.identity import Identity
from unexposed.ledger.book import Ledger
from unexposed.ledger.copies import Copies, Made
from unexposed.ledger.database import FILE_NAME
from unexposed.ledger.entry import Entry
from unexposed.ledger.schema import LedgerError
from unexposed.ledger.share import EVERY, Share

__all__ = [
    "EVERY",
    "FILE_NAME",
    "Copies",
    "Entry",
    "Identity",
    "Ledger",
    "LedgerError",
    "Made",
    "Share",
]
