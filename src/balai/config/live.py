"""The live stream: a raw ASGI endpoint that tells open pages that something changed.

It sends no content: an event names what changed (ids of one's own institution), and the page asks
for the part it shows, with its own rights. Changes come from the announcements. A transaction that
began earlier may end later, so those of the last moments are looked at again until all are told.
"""

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from types import SimpleNamespace
from typing import Any, NamedTuple, ParamSpec, TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balai.config.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402 - Django must be set up first
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import close_old_connections  # noqa: E402
from django.http import parse_cookie  # noqa: E402

from balai.ground.clock import now  # noqa: E402
from balai.ground.models import Announcement  # noqa: E402
from balai.people.middleware import CHOSEN, member_at_work  # noqa: E402

LOOK_EVERY = 0.5
HEARTBEAT_EVERY = 20.0
MOST_LISTENERS = 1_500
LONGEST_STREAM = 900.0  # seconds; then the page comes again and shows anew who it is
LATE_COMER = timedelta(seconds=30)  # longer than any transaction waits for another
TOLD_AT_ONCE = 500
P = ParamSpec("P")
R = TypeVar("R")
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Told(NamedTuple):
    """What the open pages know: everything up to `floor`, and these ids above it."""

    floor: int
    ids: frozenset[int]


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
        institution_id = await _asked(institution_of, scope)
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
            until = monotonic() + LONGEST_STREAM
            while not gone.done() and monotonic() < until:
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
        await send({"type": "http.response.body", "body": b""})

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
        told: Told | None = None
        while True:
            try:
                if told is None or not any(self.listeners.values()):
                    told = await _asked(nothing_told)
                else:
                    told, news = await _asked(news_since, told)
                    for institution_id, ids in news.items():
                        self._tell(institution_id, ids)
            except Exception:  # noqa: S110 - the database may be away for a moment
                pass
            await asyncio.sleep(LOOK_EVERY)

    def _tell(self, institution_id: int, ids: list[int]) -> None:
        event = f"event: moved\ndata: {json.dumps(ids)}\n\n"
        for queue in self.listeners[institution_id]:
            if not queue.full():  # a page that does not read asks anew when it comes back
                queue.put_nowait(event)


application = Stream()


async def _asked(question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Ask the database in the thread that may, over a connection that still lives."""

    def ask() -> R:
        close_old_connections()
        return question(*args, **kwargs)

    return await sync_to_async(ask)()


def institution_of(scope: dict[str, Any]) -> int | None:
    """The institution of whoever asks, by the session cookie; None for strangers."""
    cookies: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookies.update(parse_cookie(value.decode("latin-1")))
    if settings.SESSION_COOKIE_NAME not in cookies:
        return None
    session = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    asker: Any = SimpleNamespace(session=session)
    user = get_user(asker)
    member = member_at_work(user, session.get(CHOSEN)) if user.is_authenticated else None
    return member.institution_id if member else None


def nothing_told() -> Told:
    """Where a stream begins: what is there now is on the page already."""
    settled = Announcement.objects.filter(announced_at__lt=now() - LATE_COMER).order_by("-pk")
    floor = settled.values_list("pk", flat=True).first() or 0
    above = Announcement.objects.filter(pk__gt=floor).values_list("pk", flat=True)
    return Told(floor, frozenset(above))


def news_since(told: Told) -> tuple[Told, dict[int, list[int]]]:
    """What is told then, and by institution the conversations that changed meanwhile."""
    above = dict(Announcement.objects.filter(pk__gt=told.floor).values_list("pk", "announced_at"))
    fresh = sorted(above.keys() - told.ids)[:TOLD_AT_ONCE]
    news: dict[int, dict[int, None]] = defaultdict(dict)
    rows = Announcement.objects.filter(pk__in=fresh).exclude(scope=0).order_by("pk")
    for scope, facts in rows.values_list("scope", "facts") if fresh else ():
        ids = facts.get("conversation_ids") or [facts.get("conversation_id", 0)]
        news[scope].update(dict.fromkeys(ids))
    known = told.ids.union(fresh)
    before = now() - LATE_COMER
    floor = max((pk for pk in known if pk in above and above[pk] < before), default=told.floor)
    still = frozenset(pk for pk in known if pk > floor)
    return Told(floor, still), {scope: list(ids)[:200] for scope, ids in news.items()}


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"retry-after", b"30")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
