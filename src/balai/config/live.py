"""The live stream: a raw ASGI endpoint that tells open pages that something changed.

It sends no content: an event names what changed (ids of one's own institution), and the page asks
for the part it shows, with its own rights. Changes come from the announcements, in their order.
"""

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balai.config.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402 - Django must be set up first
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import close_old_connections  # noqa: E402

from balai.ground.models import Announcement  # noqa: E402
from balai.people.middleware import CHOSEN, member_at_work  # noqa: E402

LOOK_EVERY = 0.5
HEARTBEAT_EVERY = 20.0
MOST_LISTENERS = 1_500
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Stream:
    """All open pages of this process, and the one look at the database that serves them all."""

    def __init__(self) -> None:
        self.listeners: dict[int, set[asyncio.Queue[str]]] = defaultdict(set)
        self.looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """One request (ASGI)."""
        if scope["type"] == "lifespan":
            await self._live_and_die(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        institution_id = await _institution_of(scope)
        if institution_id is None:
            await _refuse(send, 403)
        elif sum(map(len, self.listeners.values())) >= MOST_LISTENERS:
            await _refuse(send, 503)
        else:
            await self._stream(institution_id, receive, send)

    async def _stream(self, institution_id: int, receive: Receive, send: Send) -> None:
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
        self.listeners[institution_id].add(queue)
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        gone = asyncio.create_task(_wait_until_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await _say(send, "retry: 3000\n\n")
            while not gone.done():
                news = asyncio.create_task(queue.get())
                await asyncio.wait(
                    {news, gone}, timeout=HEARTBEAT_EVERY, return_when=asyncio.FIRST_COMPLETED
                )
                if news.done():
                    await _say(send, news.result())
                else:
                    news.cancel()
                    await _say(send, ": still here\n\n")
        finally:
            gone.cancel()
            self.listeners[institution_id].discard(queue)

    async def _live_and_die(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.looking = asyncio.create_task(self._keep_looking())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self.looking:
                    self.looking.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _keep_looking(self) -> None:
        seen = await _newest()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if not any(self.listeners.values()):
                seen = await _newest()
                continue
            try:
                seen, news = await _since(seen)
            except Exception:  # noqa: S112 - the database may be away for a moment
                continue
            for institution_id, ids in news.items():
                self._tell(institution_id, seen, ids)

    def _tell(self, institution_id: int, seen: int, ids: list[int]) -> None:
        event = f"id: {seen}\nevent: moved\ndata: {json.dumps(ids)}\n\n"
        for queue in self.listeners[institution_id]:
            if not queue.full():  # a page that does not read asks anew when it comes back
                queue.put_nowait(event)


application = Stream()


@sync_to_async
def _institution_of(scope: dict[str, Any]) -> int | None:
    """The institution of whoever asks, by the session cookie; None for strangers."""
    close_old_connections()
    cookie: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookie.load(value.decode("latin-1"))
    if settings.SESSION_COOKIE_NAME not in cookie:
        return None
    session = SessionStore(cookie[settings.SESSION_COOKIE_NAME].value)
    asker: Any = SimpleNamespace(session=session)
    user = get_user(asker)
    member = member_at_work(user, session.get(CHOSEN)) if user.is_authenticated else None
    return member.institution_id if member else None


@sync_to_async
def _newest() -> int:
    close_old_connections()
    newest = Announcement.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


@sync_to_async
def _since(seen: int) -> tuple[int, dict[int, list[int]]]:
    """The newest id, and by institution the conversations that changed since `seen`."""
    close_old_connections()
    news: dict[int, dict[int, None]] = defaultdict(dict)
    rows = Announcement.objects.filter(pk__gt=seen).exclude(scope=0).order_by("pk")[:500]
    for row in rows:
        seen = row.pk
        facts = row.facts
        ids = facts.get("conversation_ids") or [facts.get("conversation_id", 0)]
        news[row.scope].update(dict.fromkeys(ids))
    return seen, {scope: list(ids)[:200] for scope, ids in news.items()}


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"retry-after", b"30")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
