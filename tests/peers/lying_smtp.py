"""A submission server that lies: it passes everything to a real one and then keeps silent.

`after_dot="drop"`: the mail is accepted behind it, its client never hears so and loses the line.
`after_dot="hang"`: the same, but the line stays open and silent.
`after_dot="break before"`: the line breaks when the body comes; the final dot is never passed on.
"""

import contextlib
import socket
import threading
from types import TracebackType


class LyingSmtp:
    """Listens on a free port of 127.0.0.1 until it is closed."""

    def __init__(self, real_port: int, after_dot: str = "drop") -> None:
        self.real_port, self.after_dot = real_port, after_dot
        self.accepted = threading.Event()  # set when the real server took a mail
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "LyingSmtp":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._open:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._thread.join(5)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                real = socket.create_connection(("127.0.0.1", self.real_port), 10)
                self._open += [client, real]
                with contextlib.suppress(OSError):
                    self._serve(client, real)
                if self.after_dot != "hang":
                    client.close()
                real.close()

    def _serve(self, client: socket.socket, real: socket.socket) -> None:
        """Pass commands and answers on, one by one, until the mail is whole."""
        asked, answered = client.makefile("rb"), real.makefile("rb")
        with asked, answered:
            client.sendall(_answer(answered))
            while line := asked.readline():
                real.sendall(line)
                client.sendall(_answer(answered))
                if line.strip().upper() == b"DATA":
                    break
            if self.after_dot == "break before":
                asked.readline()
                return
            while line := asked.readline():
                real.sendall(line)
                if line == b".\r\n":
                    break
            if _answer(answered).startswith(b"250"):
                self.accepted.set()


def _answer(stream: object) -> bytes:
    """One whole answer, also of several lines (RFC 5321, section 4.2.1)."""
    said = b""
    while line := stream.readline():  # type: ignore[attr-defined]
        said += line
        if line[3:4] != b"-":
            break
    return said
