"""The supervisor's front: one address and port for the pages and for the live stream.

It reads the head of a connection's first request and chooses the server by its path. A page server
gets a whole request, body and all, and nothing after it: it answers each connection once, so no
request can be smuggled past the choice, and a client that sends its words one by one holds none of
its few threads. Slow clients wait here, where waiting is cheap. In front of it belongs the office's
reverse proxy with TLS.
"""

import asyncio
import contextlib
import ipaddress
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO

LONGEST_HEAD = 32 * 1024
HEAD_WITHIN = 15.0  # seconds for a complete head
IDLE = 300.0  # seconds without a byte in either direction
BODY_IDLE = 30.0  # seconds without a byte of the body
BODY_WITHIN = 1_800.0  # seconds for the whole body: five photographs from a slow telephone
LONGEST_BODY = 32 * 1024 * 1024  # five files of 5 MB and the form around them
KEPT_IN_MEMORY = 128 * 1024  # of one body; what is longer waits on the disk
MOST_CONNECTIONS = 2_000
MOST_OF_ONE = 500  # of one address that is no trusted proxy
LIVE = b"/live/"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 431 Head Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LONG = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
SAY_LENGTH = b"HTTP/1.1 411 Length Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*(?=\r\n)", re.IGNORECASE)
OTHER_BODY = re.compile(rb"\r\n(?:transfer-encoding|content-length)[ \t]*:", re.IGNORECASE)
WAITS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
NOT_READY = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 2\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 36\r\n\r\n"
    b"Balai sedang dimulai. Coba lagi ya.\n"
)


class Front:
    """Listens on the public address; `pages` and `live` are the sockets of the two servers.

    `proxies` are the addresses and networks from which many clients come through one connection's
    address.
    """

    def __init__(self, pages: Path, live: Path, proxies: Sequence[str] = ()) -> None:
        self.pages, self.live = pages, live
        self._proxies = [ipaddress.ip_network(name, strict=False) for name in proxies]
        self._open: Counter[str] = Counter()

    async def serve(self, host: str, port: int, ready: asyncio.Event) -> None:
        """Serve until cancelled."""
        server = await asyncio.start_server(self._meet, host, port, limit=LONGEST_HEAD)
        ready.set()
        async with server:
            await server.serve_forever()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        if peer is None:  # gone before we could ask who it was
            writer.close()
            return
        self._open[peer[0]] += 1
        try:
            if self._is_full(peer[0]):
                writer.write(NOT_READY)
                return
            await self._carry(reader, writer)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the other side went away
        except asyncio.CancelledError:
            pass  # the supervisor stops; the task ends with it
        finally:
            self._open -= Counter((peer[0],))  # also forgets who has none left
            with contextlib.suppress(ConnectionError):
                writer.close()

    def _is_full(self, peer: str) -> bool:
        if self._open.total() > MOST_CONNECTIONS:
            return True
        if self._open[peer] <= MOST_OF_ONE:
            return False
        address = ipaddress.ip_address(peer)
        return not any(address in network for network in self._proxies)

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
        if target.startswith(LIVE):
            await self._stream(head, reader, writer)
        else:
            await self._ask(head, reader, writer)

    async def _ask(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One request to the page server, when all of it is here."""
        length = _length(head)
        if length is None or length > LONGEST_BODY:
            writer.write(SAY_LENGTH if length is None else TOO_LONG)
            return
        if length and WAITS.search(head):
            writer.write(GO_ON)
        with tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY) as body:
            try:
                await asyncio.wait_for(_keep(reader, body, length), BODY_WITHIN)
            except TimeoutError:
                writer.write(TOO_SLOW)
                return
            try:
                inner_reader, inner_writer = await asyncio.open_unix_connection(str(self.pages))
            except OSError:
                writer.write(NOT_READY)
                return
            try:
                inner_writer.write(_proxy_line(writer) + head)
                body.seek(0)
                while piece := body.read(65_536):
                    inner_writer.write(piece)
                    await asyncio.wait_for(inner_writer.drain(), IDLE)
                inner_writer.write_eof()  # whatever it still expects, nothing more comes
                await _pour(inner_reader, writer)
            finally:
                inner_writer.close()

    async def _stream(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """The live stream, until one of the two sides ends it."""
        try:
            inner_reader, inner_writer = await asyncio.open_unix_connection(str(self.live))
        except OSError:
            writer.write(NOT_READY)
            return
        inner_writer.write(head)
        upward = asyncio.create_task(_pour(reader, inner_writer))
        try:
            await _pour(inner_reader, writer)
        finally:
            upward.cancel()
            inner_writer.close()


def _length(head: bytes) -> int | None:
    """How long the request's body is; None when it does not say so plainly, once."""
    said = LENGTH.findall(head)
    if len(OTHER_BODY.findall(head)) != len(said) or len(said) > 1:
        return None
    return int(said[0]) if said else 0


async def _keep(reader: asyncio.StreamReader, body: IO[bytes], length: int) -> None:
    while length:
        piece = await asyncio.wait_for(reader.read(min(length, 65_536)), BODY_IDLE)
        if not piece:
            raise ConnectionError("the client went away before the end of its request")
        body.write(piece)
        length -= len(piece)


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
        await asyncio.wait_for(sink.drain(), IDLE)
