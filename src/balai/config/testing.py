"""How `balai test` sets up what the tests need, and runs them on both databases."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

POSTGRES = os.environ.get("BALAI_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE_ROOMS = (
    *("ground", "people", "governance", "registry", "library", "channels", "inbox", "publishing"),
    *("cases", "desk", "surveys", "analytics", "readiness"),
)


@dataclass(frozen=True)
class Need:
    """A program that some tests use, and the Debian packages that bring it."""

    what: str
    program: str
    packages: tuple[str, ...]

    def is_there(self) -> bool:
        """Whether the program is on this machine."""
        return shutil.which(self.program, path=f"{os.environ['PATH']}:/usr/sbin") is not None


NEEDS = (
    Need("a browser", "chromium", ("chromium", "fonts-noto-core")),
    Need("a mail server", "postfix", ("postfix", "dovecot-imapd", "dovecot-lmtpd")),
    Need("a mailbox server", "dovecot", ("dovecot-imapd", "dovecot-lmtpd")),
    Need("an SMS gateway", "bearerbox", ("kannel", "kannel-extras")),
    Need("Node.js", "npm", ("nodejs", "npm")),
    Need("PostgreSQL", "psql", ("postgresql",)),
    Need("Redis", "redis-server", ("redis-server",)),
)


def run_everything(root: Path, arguments: tuple[str, ...]) -> int:
    """Set up, then run the tests; with arguments, only what they choose, on SQLite."""
    with tempfile.TemporaryDirectory(prefix="balai-test-") as home:
        os.environ["BALAI_HOME"] = home
        os.environ.pop("BALAI_DATABASE_URL", None)
        if arguments:
            return _pytest(root, *arguments)
        install_what_is_missing()
        fast = ("-m", "not peer and not browser")
        rooms = [f"src/balai/{room}" for room in DATABASE_ROOMS]
        codes = [
            _pytest(root, "-n", "2", *fast, title="everything on SQLite"),
            _on_postgres(root, "-n", "2", *fast, *rooms, "tests/journeys"),
            # Two processes: the browser's driver keeps an event loop that others must not meet.
            _pytest(root, "tests/browser", title="the pages in a browser"),
            _pytest(root, "-m", "peer", "--ignore=tests/browser", title="real peers"),
        ]
        return max(codes)


def install_what_is_missing() -> None:
    """Install system packages as root, or say in one line what will be skipped and why."""
    missing = [need for need in NEEDS if not need.is_there()]
    if not missing:
        return
    packages = sorted({package for need in missing for package in need.packages})
    names = ", ".join(need.what for need in missing)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        click.secho(
            f"skipped: tests that need {names} (install: {' '.join(packages)})", fg="yellow"
        )
        return
    click.echo(f"installing {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _pytest(root: Path, *arguments: str, title: str = "", **env: str) -> int:
    if title:
        click.secho(f"== {title}", bold=True)
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=root, env={**os.environ, **env}, check=False).returncode  # noqa: S603


def _on_postgres(root: Path, *arguments: str) -> int:
    if not _answers(POSTGRES):
        _start_postgres()
    if not _answers(POSTGRES):
        click.secho(f"skipped: the suite on PostgreSQL, nothing answers at {POSTGRES}", fg="yellow")
        return 1 if os.environ.get("CI") else 0
    return _pytest(root, *arguments, title="the rooms on PostgreSQL", BALAI_DATABASE_URL=POSTGRES)


def _answers(url: str) -> bool:
    from urllib.parse import urlsplit

    place = urlsplit(url)
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((place.hostname or "127.0.0.1", place.port or 5432)) == 0


def _start_postgres() -> None:
    """Start Debian's own cluster where there is one; its socket lets the operator in."""
    if os.geteuid() == 0 and shutil.which("pg_ctlcluster"):
        for version in sorted(Path("/etc/postgresql").glob("*"), reverse=True)[:1]:
            command = ["pg_ctlcluster", "--skip-systemctl-redirect", version.name, "main", "start"]
            subprocess.run(command, check=False)  # noqa: S603
