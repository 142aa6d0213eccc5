"""The front sends each connection to one server, and slow or hostile clients cost it little."""

import asyncio
import contextlib

import pytest

from balai.config import front as front_module
from balai.config.front import Front


async def answer_with(name: bytes, path) -> asyncio.AbstractServer:
    """A server that says its name and what it was asked, once, and closes."""

    async def meet(reader, writer):
        asked = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + name + b"|" + asked)
        await writer.drain()
        writer.close()

    return await asyncio.start_unix_server(meet, str(path))


@contextlib.asynccontextmanager
async def standing(tmp_path, proxies=()):
    pages = await answer_with(b"pages", tmp_path / "p")
    live = await answer_with(b"live", tmp_path / "l")
    front = Front(tmp_path / "p", tmp_path / "l", proxies)
    server = await asyncio.start_server(
        front._meet, "127.0.0.1", 0, limit=front_module.LONGEST_HEAD
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        async with asyncio.timeout(5):
            while front._open:
                await asyncio.sleep(0)
        server.close()
        pages.close()
        live.close()


async def say(port: int, words: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(words)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


def ask(tmp_path, *requests: bytes) -> list[bytes]:
    async def talk():
        async with standing(tmp_path) as port:
            return [await say(port, words) for words in requests]

    return asyncio.run(talk())


def test_the_path_chooses_the_server(tmp_path):
    page, live = ask(
        tmp_path,
        b"GET /kotak-masuk/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /live/inbox/ HTTP/1.1\r\nHost: x\r\n\r\n",
    )
    assert b"pages|PROXY TCP4 127.0.0.1" in page
    assert b"live|GET /live/inbox/" in live


def test_a_second_request_on_the_connection_cannot_reach_the_other_server(tmp_path):
    (answer,) = ask(
        tmp_path,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /live/inbox/ HTTP/1.1\r\nHost: x\r\n\r\n",
    )
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert b"live|" not in answer


def test_an_absolute_or_disguised_target_does_not_reach_the_live_server(tmp_path):
    answers = ask(
        tmp_path,
        b"GET http://x/live/inbox/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET //live/ HTTP/1.1\r\nHost: x\r\n\r\n",
    )
    assert all(b"pages|" in answer for answer in answers)


def test_a_head_without_end_is_refused(tmp_path):
    (answer,) = ask(tmp_path, b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000)
    assert answer.startswith(b"HTTP/1.1 431")


def test_a_client_that_never_finishes_its_head_is_sent_away(tmp_path, monkeypatch):
    monkeypatch.setattr(front_module, "HEAD_WITHIN", 0.05)
    (answer,) = ask(tmp_path, b"GET / HTTP/1.1\r\nHost:")
    assert answer.startswith(b"HTTP/1.1 408")


def test_while_the_pages_start_the_visitor_is_told_to_come_back(tmp_path):
    async def talk():
        async with standing(tmp_path) as port:
            (tmp_path / "p").unlink()
            return await say(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    answer = asyncio.run(talk())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503")
    assert f"Content-Length: {len(body)}".encode() in head


@pytest.mark.parametrize("words", [b"\r\n\r\n", b"GET\r\n\r\n", b"\x00\xff\r\n\r\n", b""])
def test_nonsense_ends_quietly(tmp_path, words):
    async def talk():
        async with standing(tmp_path) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(words)
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 5)
            writer.close()

    asyncio.run(talk())


def test_a_page_server_is_asked_only_when_the_whole_request_is_here(tmp_path, monkeypatch):
    monkeypatch.setattr(front_module, "BODY_IDLE", 0.05)

    async def talk():
        asked = []

        async def meet(reader, writer):
            asked.append(await reader.read())
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            writer.close()
            await writer.wait_closed()

        async with standing(tmp_path) as port:
            (tmp_path / "p").unlink()
            pages = await asyncio.start_unix_server(meet, str(tmp_path / "p"))
            head = b"POST /tulis/x/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
            slow = await say(port, head + b"hal")
            whole = await say(port, head + b"haloGET / HTTP/1.1\r\n\r\n")
            pages.close()
        return asked, slow, whole

    asked, slow, whole = asyncio.run(talk())
    assert slow.startswith(b"HTTP/1.1 408")
    assert whole.startswith(b"HTTP/1.1 200")
    assert [one.partition(b"\r\n\r\n")[2] for one in asked] == [b"haloG"]


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        (b"Content-Length: 33554433", b"413"),
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Content-Length: 5\r\nContent-Length: 6", b"411"),
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"411"),
        (b"Content-Length : 5", b"411"),
        (b"Content-Length: -5", b"411"),
        (b"Content-Length: 0x5", b"411"),
    ],
)
def test_a_body_that_is_too_long_or_has_no_plain_length_is_refused(tmp_path, headers, answer):
    (said,) = ask(tmp_path, b"POST / HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 " + answer)


def test_who_asks_before_sending_is_told_to_go_on(tmp_path):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    (said,) = ask(tmp_path, head + b"ya")
    assert said.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


@pytest.mark.parametrize(
    ("proxies", "words", "answer"),
    [((), b"", b"503"), (("127.0.0.1",), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"200")],
)
def test_one_address_cannot_take_all_connections_unless_it_is_a_trusted_proxy(
    tmp_path, monkeypatch, proxies, words, answer
):
    monkeypatch.setattr(front_module, "MOST_OF_ONE", 2)

    async def talk():
        async with standing(tmp_path, proxies) as port:
            idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
            said = await say(port, words)
            for _, writer in idle:
                writer.close()
                await writer.wait_closed()
        return said

    assert asyncio.run(talk()).startswith(b"HTTP/1.1 " + answer)


def test_who_left_is_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(front_module, "MOST_OF_ONE", 1)
    answers = ask(tmp_path, *[b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"] * 3)
    assert all(b"200 OK" in answer for answer in answers)
