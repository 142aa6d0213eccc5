"""Nothing may be skipped in CI: a skipped test guards nothing."""

import os

import pytest

# The audit log is append-only; tests that commit may empty it afterwards all the same.
pytest_plugins = ["balai.governance.tests.emptying"]

skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if skipped and os.environ.get("CI") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if skipped and os.environ.get("CI"):
        terminalreporter.write_line(f"skipped in CI, which is a failure: {', '.join(skipped)}")
