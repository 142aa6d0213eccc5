"""A small HTTP proxy that stands before a peer and misbehaves when it is told to.

`with Throttle("http://127.0.0.1:3000") as line: line.will(Fault.answer(429, ...), times=2)`.
What it was not told to spoil it passes on unchanged. It counts what it was asked.
"""

import http.client
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


@dataclass(frozen=True)
class Fault:
    """One way to misbehave. `forward`: the peer hears the request all the same."""

    kind: str
    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    forward: bool = False

    @classmethod
    def answer(
        cls, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> "Fault":
        """Answer this instead of the peer, which hears nothing."""
        return cls("answer", status, body, headers or {})

    @classmethod
    def too_many(cls, seconds: int) -> "Fault":
        """429 with Retry-After."""
        body = b'{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}'
        return cls.answer(429, body, {"Retry-After": str(seconds)})

    @classmethod
    def garbage(cls, *, forward: bool = False) -> "Fault":
        """A yes that nobody can read."""
        return cls("answer", 200, b"\x00\xff<html>", {}, forward)

    @classmethod
    def hang(cls) -> "Fault":
        """Take the request and never answer, until the proxy is closed."""
        return cls("hang")

    @classmethod
    def drop(cls, *, forward: bool = True) -> "Fault":
        """Accept then drop: the peer obeys, the answer never arrives."""
        return cls("drop", forward=forward)


@dataclass(frozen=True)
class Asked:
    """One request that came by."""

    method: str
    path: str


class Throttle:
    """The proxy. `url` is its address; `asked` is everything that came by, in order."""

    def __init__(self, target: str) -> None:
        place = urlsplit(target)
        self.target = (place.hostname or "127.0.0.1", place.port or 80)
        self.asked: list[Asked] = []
        self._plan: list[tuple[Fault, str]] = []
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        """Where to send requests."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def will(self, fault: Fault, *, times: int = 1, on: str = "") -> None:
        """Spoil the next `times` requests whose path contains `on`."""
        with self._lock:
            self._plan += [(fault, on)] * times

    def count(self, on: str = "") -> int:
        """How many requests with `on` in their path came by."""
        with self._lock:
            return sum(on in one.path for one in self.asked)

    def take(self, method: str, path: str) -> Fault | None:
        """Note a request; the fault that is planned for it, if any."""
        with self._lock:
            self.asked.append(Asked(method, path))
            for place, (fault, on) in enumerate(self._plan):
                if on in path:
                    del self._plan[place]
                    return fault
        return None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(throttle: Throttle) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60  # seconds for which an idle connection stays open

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = throttle.take(self.command, self.path)
            if fault is None:
                self.reply(*self.forward(body))
                return
            if fault.forward:
                self.forward(body)
            if fault.kind == "answer":
                self.reply(fault.status, dict(fault.headers), fault.body)
                return
            if fault.kind == "hang":
                throttle.closing.wait()
            self.close_connection = True  # no byte of an answer

        def forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            headers = {n: v for n, v in self.headers.items() if n.lower() not in HOP_BY_HOP}
            peer = http.client.HTTPConnection(*throttle.target, timeout=30)
            try:
                peer.request(self.command, self.path, body or None, headers)
                answer = peer.getresponse()
                kept = {n: v for n, v in answer.getheaders() if n.lower() not in HOP_BY_HOP}
                return answer.status, kept, answer.read()
            except OSError as failure:  # a peer that is down looks so through us too
                return 502, {}, str(failure).encode()
            finally:
                peer.close()

        def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Stay silent; `asked` has it."""

    for verb in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{verb}", Handler.pass_on)
    return Handler
