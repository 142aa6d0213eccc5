"""The supervisor's front: one address and port for the pages and for the live stream.

It reads the head of a connection's first request, chooses the server by its path, and then only
carries bytes. The page server answers each connection once (keep-alive is off behind the front), so
a connection never changes its server and no request can be smuggled past the choice. Slow clients
wait here, where waiting is cheap. In front of it belongs the office's reverse proxy with TLS.
"""

import asyncio
import contextlib
from pathlib import Path

LONGEST_HEAD = 32 * 1024
HEAD_WITHIN = 15.0  # seconds for a complete head
IDLE = 300.0  # seconds without a byte in either direction
MOST_CONNECTIONS = 2_000
LIVE = b"/live/"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 431 Head Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
NOT_READY = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 2\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 36\r\n\r\n"
    b"Balai sedang dimulai. Coba lagi ya.\n"
)


class Front:
    """Listens on the public address; `pages` and `live` are the sockets of the two servers."""

    def __init__(self, pages: Path, live: Path) -> None:
        self.pages, self.live = pages, live
        self._open = 0

    async def serve(self, host: str, port: int, ready: asyncio.Event) -> None:
        """Serve until cancelled."""
        server = await asyncio.start_server(self._meet, host, port, limit=LONGEST_HEAD)
        ready.set()
        async with server:
            await server.serve_forever()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open > MOST_CONNECTIONS:
                writer.write(NOT_READY)
                return
            await self._carry(reader, writer)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the other side went away
        except asyncio.CancelledError:
            pass  # the supervisor stops; the task ends with it
        finally:
            self._open -= 1
            with contextlib.suppress(ConnectionError):
                writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_WITHIN)
        except TimeoutError:
            writer.write(TOO_SLOW)
            return
        except asyncio.LimitOverrunError:
            writer.write(TOO_LARGE)
            return
        target = head.split(b" ", 2)[1] if head.count(b" ") >= 2 else b""
        behind = self.live if target.startswith(LIVE) else self.pages
        try:
            inner_reader, inner_writer = await asyncio.open_unix_connection(str(behind))
        except OSError:
            writer.write(NOT_READY)
            return
        inner_writer.write(_proxy_line(writer) if behind == self.pages else b"")
        inner_writer.write(head)
        try:
            upward = asyncio.create_task(_pour(reader, inner_writer))
            await _pour(inner_reader, writer)
            upward.cancel()
        finally:
            inner_writer.close()


def _proxy_line(writer: asyncio.StreamWriter) -> bytes:
    """The PROXY protocol's first line: the page server learns who really asks."""
    peer, here = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
    family = b"TCP6" if ":" in peer[0] else b"TCP4"
    return b"PROXY %b %b %b %d %d\r\n" % (
        family,
        peer[0].encode(),
        here[0].encode(),
        peer[1],
        here[1],
    )


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while piece := await asyncio.wait_for(source.read(65_536), IDLE):
        sink.write(piece)
        await sink.drain()
