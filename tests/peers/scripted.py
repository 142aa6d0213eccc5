"""A line-by-line server that says what a test wants: answers that no real server would give."""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType

Answer = Callable[[bytes], bytes | None]  # b"" keeps silent, None ends the line


class Scripted:
    """Listens on a free port of 127.0.0.1; `asked` keeps every line that it was sent."""

    def __init__(self, greeting: bytes | None, answer: Answer) -> None:
        self.greeting, self.answer = greeting, answer
        self.asked: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "Scripted":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for line in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._thread.join(5)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                self._open.append(client)
                with contextlib.suppress(OSError):
                    self._serve(client)
                client.close()

    def _serve(self, client: socket.socket) -> None:
        if self.greeting is None:
            return
        client.sendall(self.greeting)
        with client.makefile("rb") as lines:
            for line in lines:
                self.asked.append(line)
                said = self.answer(line)
                if said is None:
                    return
                client.sendall(said)
