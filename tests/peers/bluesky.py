"""The reference network of the AT Protocol on this machine: directory, data server, AppView.

`with BlueskyNetwork() as network:` installs it when it is not there (npm, minutes, once), makes a
database of its own, starts it on free ports, and removes every trace at the end.

Environment: BALAI_TEST_POSTGRES, BALAI_TEST_REDIS, BALAI_PEER_CACHE (default `.cache/peers`).
"""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.peers.waiting import wait_until

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the judge's own affairs
    from atproto import Client, Request
    from atproto_client.exceptions import AtProtocolError

HERE = Path(__file__).parent / "bluesky"
CHECKOUT = Path(__file__).parents[2]
POSTGRES = os.environ.get("BALAI_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("BALAI_TEST_REDIS", "127.0.0.1:6379")
PREFIX = "balai_peer_bluesky_"
INSTALL_SECONDS = 1800  # compiles better-sqlite3, on a busy machine
START_SECONDS = 180
STOP_SECONDS = 20


@dataclass(frozen=True)
class Account:
    """A person or an office on the network."""

    handle: str
    did: str
    password: str
    app_password: str


class BlueskyNetwork:
    """The running network. `pds` is the address that an account signs in at."""

    def __init__(self) -> None:
        self.pds = ""
        self._database = f"{PREFIX}{os.getpid()}_{os.urandom(3).hex()}"
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}_"))
        self._process: subprocess.Popen[bytes] | None = None
        self._opened: list[Client] = []
        self._clients: dict[str, Client] = {}
        self._accounts: dict[str, Account] = {}

    @staticmethod
    def missing() -> str:
        """What this machine lacks to run the network, in words; empty when nothing."""
        lacking = [f"no `{tool}`" for tool in ("node", "npm") if not shutil.which(tool)]
        for name, place in (("PostgreSQL", urlsplit(POSTGRES)), ("Redis", urlsplit(f"//{REDIS}"))):
            try:
                socket.create_connection((place.hostname, place.port or 5432), 2).close()
            except OSError as failure:
                lacking.append(f"no {name}: {failure}")
        return ", ".join(lacking)

    def __enter__(self) -> Self:
        try:
            modules = install()
            _drop_leftovers()
            with _server() as connection:
                connection.execute(_named("CREATE DATABASE {}", self._database))
            self._start(modules)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self, modules: Path) -> None:
        names = ("plc", "pds", "bsky", "ozone", "introspect")
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.pds = f"http://localhost:{ports['pds']}"
        database = urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{self._database}"))
        environment = {
            **os.environ,
            "NODE_PATH": str(modules),
            "TMPDIR": str(self._folder),  # repositories and blobs go with the folder
            "BALAI_PORTS": json.dumps(ports),
            "DB_POSTGRES_URL": database,
            "DB_POSTGRES_SCHEMA": "net",
            "REDIS_HOST": REDIS,
            "LOG_ENABLED": "0",
        }
        log = self._folder / "net.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                ["node", str(HERE / "net.js")],
                env=environment,
                stdin=subprocess.PIPE,  # its end tells the network that we are gone
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

        def is_ready() -> bool:
            assert self._process
            said = log.read_text(errors="replace")
            if self._process.poll() is not None:
                raise RuntimeError(f"the Bluesky network ended by itself:\n{said[-3000:]}")
            return "READY" in said

        wait_until(is_ready, START_SECONDS, what="the Bluesky network")

    def close(self) -> None:
        """Stop the network, drop its database, delete its files. May be called twice."""
        for client in self._opened:
            client.request.close()
        self._opened.clear()
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()
            self._process = None
        with _server() as connection:
            connection.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._database))
        shutil.rmtree(self._folder, ignore_errors=True)

    def create_account(self, handle: str) -> Account:
        """Make an account with an app password. Handles end in `.test`."""
        client = self._judge()
        password = "the account's own"
        server = client.com.atproto.server
        made = server.create_account(
            {"handle": handle, "email": f"{handle}@mail.test", "password": password}
        )
        token = {"Authorization": f"Bearer {made.access_jwt}"}
        app = server.create_app_password({"name": "balai"}, headers=token)
        account = Account(handle, made.did, password, app.password)
        self._accounts[handle] = account
        return account

    def _judge(self) -> Client:
        client = Client(f"{self.pds}/xrpc", request=Request(trust_env=False))
        self._opened.append(client)
        return client

    def client(self, handle: str) -> Client:
        """The public SDK, signed in as this account: the judge."""
        if handle not in self._clients:
            client = self._judge()
            password = self._accounts[handle].password
            # Just after its creation the AppView does not know an account: "Profile not found".
            wait_until(lambda: client.login(handle, password), 30, forgiving=(AtProtocolError,))
            self._clients[handle] = client
        return self._clients[handle]


def install() -> Path:
    """Put the network's packages into the cache, unless they are there; one installs at a time."""
    cache = Path(os.environ.get("BALAI_PEER_CACHE") or CHECKOUT / ".cache" / "peers") / "bluesky"
    cache.mkdir(parents=True, exist_ok=True)
    stamp = cache / "installed"
    version = subprocess.run(["node", "--version"], check=True, capture_output=True).stdout
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes() + version).hexdigest()
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            stamp.unlink(missing_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, cache / name)
            _npm(cache, "ci", "--no-audit", "--no-fund")
            if not list(cache.glob("node_modules/better-sqlite3/build/Release/*.node")):
                _npm(cache, "rebuild", "better-sqlite3")  # where npm asks before install scripts
            stamp.write_text(wanted)
    return cache / "node_modules"


def _npm(folder: Path, *words: str) -> None:
    done = subprocess.run(
        ["npm", *words], cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS
    )
    if done.returncode:
        raise RuntimeError(f"npm {' '.join(words)} failed:\n{done.stderr[-3000:]}")


def free_ports(number: int) -> list[int]:
    """Ports that nobody listens on at this moment, all different."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    with closing(psycopg.connect(POSTGRES, autocommit=True)) as connection:
        yield connection


def _named(statement: str, name: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(name))


def _drop_leftovers() -> None:
    """Databases and folders of runs that were killed: their process is gone."""
    with _server() as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]
        ).fetchall()
        for (name,) in names:
            if _is_left_over(name):
                connection.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_left_over(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left_over(name: str) -> bool:
    return not Path("/proc", name.removeprefix(PREFIX).partition("_")[0]).exists()
