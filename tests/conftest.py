from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from unexposed.wording import prefer

# How fast a machine is, or how busy, is no property of the code: timings live in benchmarks/.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with those of the whole daemon: they take longest, and others can run beside them."""
    items.sort(key=lambda item: item.path.parent.name != "e2e")


@pytest.fixture(autouse=True)
def plain_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the tests, and what they start, speak English whoever runs them."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_TIME", "LC_MEASUREMENT", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    prefer("")
