"""The program itself, as an office runs it: `balai serve` in a home and on a port of its own."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.peers.bluesky import free_ports
from tests.peers.waiting import wait_until

ROOT = Path(__file__).parents[2]
START_SECONDS = 120


class Balai:
    """A running installation. `kill()` is a power cut: every process of it ends at once."""

    def __init__(self, home: Path | None = None, **env: str) -> None:
        self.home = home or Path(tempfile.mkdtemp(prefix="balai-journey-"))
        (self.port,) = free_ports(1)
        self.url = f"http://localhost:{self.port}"
        self._env = {
            **os.environ,
            "BALAI_HOME": str(self.home),
            "BALAI_ADDRESS": self.url,
            "BALAI_WEB_WORKERS": "1",
            "BALAI_LOG_LEVEL": "WARNING",
            "BALAI_PRIVATE_HOSTS": "127.0.0.0/8,::1",  # the peers stand on this machine
            "PYTHONPATH": str(ROOT / "src"),
            **env,
        }
        self._log = self.home / "journey.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until a page answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "balai", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._env, stdout=log, stderr=subprocess.STDOUT, cwd=self.home
            )
        wait_until(self._answers, START_SECONDS, what="Balai")

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        assert self._process
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(60)
        self._process = None
        return code

    def kill(self) -> None:
        """Every process of this installation dies by SIGKILL."""
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        if self._process:
            self._process.wait(60)
            self._process = None

    def kill_worker(self) -> None:
        """Only the worker dies by SIGKILL; the supervisor notices by itself."""
        for process in self.processes("work"):
            os.kill(process, signal.SIGKILL)

    def processes(self, part: str = "") -> list[int]:
        """The numbers of this installation's processes, told by their environment."""
        mine = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                environment = (place / "environ").read_bytes()
                command = (place / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            ours = f"BALAI_HOME={self.home}".encode() in environment.split(b"\0")
            if ours and b"python" in command[0] and (not part or part.encode() in command):
                mine.append(int(place.name))
        return mine

    def command(self, *arguments: str) -> str:
        """Run a command of the command line in this home."""
        done = subprocess.run(
            [sys.executable, "-m", "balai", *arguments], env=self._env, cwd=self.home,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def log(self) -> str:
        """What the processes said."""
        return self._log.read_text(errors="replace")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def _answers(self) -> bool:
        assert self._process
        if self._process.poll() is not None:
            raise RuntimeError(f"Balai ended by itself:\n{self.log()[-3000:]}")
        try:
            return httpx.get(f"{self.url}/", trust_env=False, timeout=10).status_code < 500
        except httpx.HTTPError:
            return False


def fresh_password() -> str:
    """A password that nobody used before."""
    return f"kunci-{secrets.token_hex(8)}"
