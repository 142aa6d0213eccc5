"""The supervisor: front, pages, live stream and work of one installation under one command."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from balai.config.front import Front

STOP_WITHIN = 15.0
QUICK_DEATH = 5.0


@dataclass
class Child:
    """One process that must run as long as the supervisor does."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    rest_until: float = 0.0

    def start(self) -> None:
        """Start it anew."""
        self.started = time.monotonic()
        # Its own session: Ctrl-C reaches the supervisor, which stops its children in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603

    def tend(self) -> None:
        """Start it again when it died; slower and slower when it dies young."""
        if self.process is None:
            if time.monotonic() >= self.rest_until:
                self.start()
            return
        if self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        self.quick_deaths = self.quick_deaths + 1 if lived < QUICK_DEATH else 0
        self.rest_until = time.monotonic() + min(2**self.quick_deaths, 30)
        sys.stderr.write(
            f"balai: {self.name} ended with code {self.process.returncode}; starting it again\n"
        )
        self.process = None


@dataclass
class House:
    """The processes of one installation."""

    host: str
    port: int
    workers: int
    announce: str
    landers: int = 0  # processes that take messages in beside the one that does everything
    proxies: Sequence[str] = ()
    sockets: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="balai-")))

    def children(self) -> list[Child]:
        """What must run beside the front."""
        python = sys.executable
        pages, live = self.sockets / "pages.sock", self.sockets / "live.sock"
        behind_the_front = (
            "--proxy-protocol",
            "--proxy-allow-from",
            "*",
            "--forwarded-allow-ips",
            "*",
        )
        return [
            Child("pages", pages_command(f"unix:{pages}", self.workers, *behind_the_front)),
            Child(
                "live",
                [
                    python, "-m", "uvicorn", "balai.config.live:application",
                    "--uds", str(live), "--log-level", "warning", "--no-access-log",
                    "--timeout-graceful-shutdown", "2", "--ws", "none",
                ],
            ),
            Child("work", [python, "-m", "balai", "work"]),
            *(
                # While one holds the database for its batch, another reads the next.
                Child(f"land {number}", [python, "-m", "balai", "work", "--role", "land"])
                for number in range(1, self.landers + 1)
            ),
        ]  # fmt: skip

    def run(self) -> int:
        """Serve until Ctrl-C or SIGTERM; returns the exit code."""
        children = self.children()
        try:
            return asyncio.run(self._watch(children))
        finally:
            _stop(children)
            for file in self.sockets.glob("*"):
                file.unlink(missing_ok=True)
            self.sockets.rmdir()

    async def _watch(self, children: list[Child]) -> int:
        loop, stop, ready = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        front = Front(self.sockets / "pages.sock", self.sockets / "live.sock", self.proxies)
        serving = asyncio.create_task(front.serve(self.host, self.port, ready))
        for child in children:
            child.start()
        told = False
        while not stop.is_set():
            if serving.done():
                sys.stderr.write(
                    f"balai: cannot serve on port {self.port}: {serving.exception()}\n"
                )
                return 1
            for child in children:
                child.tend()
            if not told and ready.is_set() and front.pages.exists():
                sys.stdout.write(self.announce)
                sys.stdout.flush()
                told = True
            try:
                await asyncio.wait_for(stop.wait(), 0.25)
            except TimeoutError:
                continue
        sys.stdout.write("balai: stopping\n")
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        return 0


def pages_command(
    bind: str, workers: int, *options: str, application: str = "balai.config.wsgi:application"
) -> list[str]:
    """What serves the pages; bench `inbox` measures the same layout.

    The application is loaded once, before the workers are forked: they share its memory, and one
    that is replaced needs no second of its own. Threads are for slow readers, not for speed.
    """
    return [
        sys.executable, "-m", "gunicorn", application, "--preload",
        "--bind", bind, "--workers", str(workers),
        "--worker-class", "gthread", "--threads", "8", "--keep-alive", "0",
        "--timeout", "60", "--graceful-timeout", "10",
        "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--log-level", "warning", "--no-control-socket",
        *options,
    ]  # fmt: skip


def _stop(children: list[Child]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second Ctrl-C changes nothing
    running = [child.process for child in children if child.process is not None]
    for process in running:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_WITHIN
    for process in running:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
