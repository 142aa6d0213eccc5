"""A real Kannel on free ports of this machine: bearerbox, smsbox, and citizens' phones.

Debian's `kannel`. Its driver for a fake operator listens for whoever plays the operator, a line of
text for each SMS (gw/smsc/smsc_fake.c); `fakesmsc` of kannel-extras speaks the same lines.
`with Kannel() as kannel: kannel.call(get_url); kannel.text("628110000001", "Halo")`.
"""

import contextlib
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote_to_bytes

from tests.peers.bluesky import free_ports
from tests.peers.waiting import wait_until

PROGRAMS = "/usr/sbin"
OFFICE = "1708"
USER, PASSWORD = "kota", "kunci-sms-uji"
START_SECONDS = 30
CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = {password}
smsbox-port = {boxes}
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
dlr-storage = internal
log-file = {folder}/bearerbox.log

group = smsc
smsc = fake
smsc-id = UJI
host = 127.0.0.1
port = {operator}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
log-file = {folder}/smsbox.log
http-request-retry = 3
http-queue-delay = 1

group = sendsms-user
username = {user}
password = {password}
concatenation = true
max-messages = 6
"""
SERVICE = """
group = sms-service
keyword = default
catch-all = true
max-messages = 0
omit-empty = true
get-url = "{get_url}"
"""


class Kannel:
    """A gateway with one operator, on whose network the phones are."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="balai-kannel-"))
        admin, self._boxes, self.operator, self._sendsms = free_ports(4)
        self.url = f"http://127.0.0.1:{self._sendsms}"
        self._file = self.folder / "kannel.conf"
        self._file.write_text(
            CONFIGURATION.format(
                admin=admin, boxes=self._boxes, operator=self.operator, sendsms=self._sendsms,
                user=USER, password=PASSWORD, folder=self.folder,
            )
        )  # fmt: skip
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._phones: socket.socket | None = None
        self._lines: list[bytes] = []

    @classmethod
    def is_here(cls) -> bool:
        """Whether its programs are on this machine."""
        return all(Path(PROGRAMS, program).exists() for program in ("bearerbox", "smsbox"))

    def call(self, get_url: str) -> None:
        """Enter where SMS of citizens are brought; the box that brings them is started anew."""
        with self._file.open("a") as settings:
            settings.write(SERVICE.format(get_url=get_url))
        self._end("smsbox")
        self._start_smsbox()

    def text(self, sender: str, words: str) -> None:
        """A citizen's phone sends an SMS to the office."""
        assert self._phones
        self._phones.sendall(f"{sender} {OFFICE} text {words}\n".encode())

    def on_phones(self) -> list[tuple[str, str]]:
        """What reached phones: each SMS with the number it went to, in order."""
        return [_delivered(line) for line in self._lines]

    def arrives(self, number: int = 1) -> list[tuple[str, str]]:
        """The same, as soon as there are so many."""
        wait_until(lambda: len(self._lines) >= number, START_SECONDS, what=f"SMS {number}")
        return self.on_phones()

    def __enter__(self) -> Self:
        self._run("bearerbox")
        wait_until(lambda: self._open(self._boxes), START_SECONDS, what="bearerbox")
        self._phones = wait_until(
            lambda: socket.create_connection(("127.0.0.1", self.operator)),
            START_SECONDS, what="the operator", forgiving=(OSError,),
        )  # fmt: skip
        self._phones.settimeout(None)
        threading.Thread(target=self._listen, args=(self._phones,), daemon=True).start()
        self._start_smsbox()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for program in ("smsbox", "bearerbox"):
            self._end(program)
        if self._phones:
            self._phones.close()

    def _start_smsbox(self) -> None:
        self._run("smsbox")
        wait_until(lambda: self._open(self._sendsms), START_SECONDS, what="smsbox")

    def _run(self, program: str) -> None:
        with (self.folder / f"{program}.out").open("ab") as said:
            self._running[program] = subprocess.Popen(
                [f"{PROGRAMS}/{program}", str(self._file)],
                stdout=said, stderr=subprocess.STDOUT, cwd=self.folder,
            )  # fmt: skip

    def _end(self, program: str) -> None:
        process = self._running.pop(program, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _open(self, port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def _listen(self, phones: socket.socket) -> None:
        with contextlib.suppress(OSError), phones.makefile("rb") as lines:
            for line in lines:
                self._lines.append(line.rstrip(b"\n"))


def _delivered(line: bytes) -> tuple[str, str]:
    """ "from to text WORDS", or "from to udh HEADER data WORDS" for a part of a longer one."""
    fields = line.split(b" ", 3)
    to, kind, words = fields[1].decode(), fields[2], fields[3] if len(fields) > 3 else b""
    if kind == b"udh":
        words = unquote_to_bytes(words.partition(b" data ")[2])
    if kind == b"ucs-2":
        return to, unquote_to_bytes(words).decode("utf-16-be", "replace")
    return to, words.decode("utf-8", "replace")
