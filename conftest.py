"""Nothing may be skipped in CI: a skipped test guards nothing."""

import os

import pytest
from django.conf import settings
from django.core.cache import cache

# The audit log is append-only; tests that commit may empty it afterwards all the same.
pytest_plugins = ["balai.governance.tests.emptying"]

skipped: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_kept_from_the_test_before() -> None:
    """Public pages and the gates for strangers live in the memory of the process."""
    cache.clear()


def pytest_configure() -> None:
    """Peers stand on this machine; the guard itself is tested with nothing opened."""
    settings.BALAI_PRIVATE_HOSTS = ["127.0.0.0/8", "::1"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about one database only is not chosen on another; its run is elsewhere."""
    url = os.environ.get("BALAI_DATABASE_URL", "sqlite://")
    here = "sqlite" if url.startswith("sqlite") else "postgresql"
    elsewhere = [
        item for item in items if any(m.args[0] != here for m in item.iter_markers("only_on"))
    ]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if skipped and os.environ.get("CI") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if skipped and os.environ.get("CI"):
        terminalreporter.write_line(f"skipped in CI, which is a failure: {', '.join(skipped)}")
