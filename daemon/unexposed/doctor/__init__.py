"""Looking at all that has to be right for the daemon to do its work, and saying what is not.

Nothing is changed: what is made to try something out is gone afterwards, but for one notification.
"""

from unexposed.doctor.check import Case, Check, State
from unexposed.doctor.examination import examine

__all__ = ["Case", "Check", "State", "examine"]
