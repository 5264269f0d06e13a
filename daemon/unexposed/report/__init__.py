"""The report page: what a file gave away, and what became of all, as one HTML file.

To be imported when a page is asked for: the daemon at rest has no use for it.
"""

from pathlib import Path

from unexposed.config import Config
from unexposed.report.build import page_for, page_for_all
from unexposed.report.keeping import PageError, clear, keep, write_to

__all__ = [
    "PageError",
    "clear",
    "keep",
    "page_for",
    "page_for_all",
    "report_for",
    "write_to",
]


def report_for(path: str | None, config: Config) -> Path:
    """Write the page about a file, or about all without one; return where it lies.

    Raises what `page_for` does, and PageError.
    """
    page = page_for_all(config) if path is None else page_for(path, config)
    return keep(page, config.state_path)
