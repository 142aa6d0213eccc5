"""The measuring side of bench 4: fills a house, serves it, asks for its pages."""

import gzip
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from balai.config.bench.scratch import answer, environment, percentiles, settle
from balai.config.bench.words import SEED, Town
from balai.config.serve import pages_command

CLIENTS = 4
SECONDS = 6.0
INTAKE_RATE = 1_000
QUEUE = (
    "/kotak-masuk/",
    "/kotak-masuk/?view=all",
    "/kotak-masuk/?view=unassigned",
    "/kotak-masuk/?view=open&intent=complaint",
    "/kotak-masuk/?view=open&language=ind",
)


def main(rows: int) -> None:
    """Fill, serve, ask."""
    settle()
    cookie = _fill(rows)
    home = Path(os.environ["BALAI_HOME"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603 - our own application
        pages_command(
            f"127.0.0.1:{port}", 2, application="balai.config.bench.inbox_wsgi:application"
        ),
        env=environment(home),
        stdout=subprocess.DEVNULL,
    )
    load = None
    try:
        _until_it_answers(port, cookie)
        size = len(gzip.compress(_get(port, "/kotak-masuk/baris/", cookie)[1]))
        load = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "balai.config.bench.inbox_load", str(INTAKE_RATE)],
            env=environment(home),
        )
        limit = _measure(port, cookie, ["/kosong/"])
        ours = _measure(port, cookie, QUEUE)
    finally:
        for process in (load, server):
            if process is not None:
                process.terminate()
                process.wait()
    what = f"queue with filters, {CLIENTS} clients, intake at {INTAKE_RATE}/s"
    answer(
        ours={"what": what, "gzipped_rows_bytes": size, **ours},
        limit={"what": "empty view of the same application, same load", **limit},
    )


def _measure(port: int, cookie: str, paths: Sequence[str]) -> dict[str, Any]:
    took: list[float] = []
    end = time.perf_counter() + SECONDS

    def ask(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a bench, not a secret
        while time.perf_counter() < end:
            took.append(_get(port, chance.choice(paths), cookie)[0])

    clients = [threading.Thread(target=ask, args=(n,)) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return {"rate": round(len(took) / SECONDS, 1), **percentiles(took)}


def _get(port: int, path: str, cookie: str) -> tuple[float, bytes]:
    """Seconds to the first byte, and the body. Raises when the page is not the page."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    line.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "id"})
    response = line.getresponse()
    took = time.perf_counter() - began
    body = response.read()
    line.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return took, body


def _until_it_answers(port: int, cookie: str) -> None:
    for _ in range(300):
        try:
            _get(port, "/kosong/", cookie)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")


def _fill(rows: int) -> str:
    """An office with so many conversations, and the cookie of an officer who is signed in."""
    from django.db import transaction
    from django.test import Client

    from balai.channels.models import Connection
    from balai.ground.clock import first_id_at, now
    from balai.inbox.landing import open_store
    from balai.inbox.landing.threads import Talk
    from balai.inbox.models import Citizen, Conversation
    from balai.people.models import Grant, Institution, Member, User

    owner = Institution.objects.create(name="Bench", slug="bench", kind="city")
    line = Connection.objects.create(institution=owner, channel="file", name="b", address="b")
    citizen = Citizen.objects.create(
        institution=owner, channel="file", key="c", first_seen_at=now()
    )
    user = User.objects.create_user("petugas", "petugas@contoh.example")
    member = Member.objects.create(user=user, institution=owner, name="Petugas")
    Grant.objects.create(member=member, role="responder")
    chance = random.Random(SEED)  # noqa: S311 - a bench, not a secret
    town, store, end = Town(), open_store(), now()
    states = ("new", "triaged", "answered", "resolved", "confirmed")
    intents = [intent for intent in Conversation.Intent.values if intent != "spam"]

    def talk(number: int) -> Talk:
        at = end - timedelta(days=365) * (rows - number) / rows
        state = chance.choices(states, (5, 5, 5, 40, 45))[0]
        moment = first_id_at(at)
        return Talk(
            id=number, institution_id=owner.pk, connection_id=line.pk, citizen_id=citizen.pk,
            thread_key=f"t{number}", state=state, is_open=state in ("new", "triaged"),
            is_current=True, receipt="", intent=chance.choice(intents),
            priority=chance.choices((0, 1, 2), (90, 8, 2))[0], language="ind",
            sentiment="negative", sensitivity="", is_public=True, subject="",
            preview=town.text()[:160], opened_at=at, last_at=at, last_message_id=moment,
            last_in_id=moment, messages_in=1, due_at=at + timedelta(hours=4),
            clock="complaint_first_response", first_answered_at=None, reopened=0,
            resolved_at=None, version=1,
        )  # fmt: skip

    dialect: Any = store
    for first in range(1, rows + 1, 5_000):
        with transaction.atomic():
            talks = [talk(number) for number in range(first, min(first + 5_000, rows + 1))]
            dialect._add_talks(talks)
            moves: dict[tuple[int, str], int] = {}
            for one in talks:
                key = (owner.pk, one.state)
                moves[key] = moves.get(key, 0) + 1
            dialect._count(moves)
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


if __name__ == "__main__":
    main(json.loads(sys.argv[1])["rows"])
