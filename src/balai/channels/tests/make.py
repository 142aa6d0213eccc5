"""Plain functions that make lines and things to send, and a network that does what it is told."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any, ClassVar

import pytest

from balai.channels import selectors
from balai.channels.contract import (
    Can,
    Connector,
    Fetched,
    Health,
    Incoming,
    Limits,
    Outgoing,
    Pending,
    Receipt,
    Unreadable,
)
from balai.channels.models import Connection, Dispatch
from balai.channels.services import entrust
from balai.ground.clock import now
from balai.people.models import Institution
from balai.people.tests.make import make_institution

_next = count(1)


class Scripted(Connector):
    """A network whose every answer a test writes down beforehand. It counts what it was given."""

    slug = "helloworld"
    label = "Scripted"
    can = Can.PUBLISH | Can.REPLY | Can.FETCH | Can.PROBE | Can.FOLLOW_UP | Can.CHECK
    limits = Limits(text=300)
    publishes: ClassVar[Callable[[Outgoing], Receipt | Pending]]
    probes: ClassVar[Callable[[Outgoing], Receipt | None]]
    follows: ClassVar[Callable[[Outgoing, Mapping[str, Any]], Receipt | Pending]]
    fetches: ClassVar[Callable[[str], Fetched]]
    given: ClassVar[list[str]] = []
    looked: ClassVar[list[str]] = []

    def choose_id(self, key: str, at: datetime) -> str:
        return f"chosen-{key}"

    def publish(self, post: Outgoing) -> Receipt | Pending:
        type(self).given.append(post.key)
        return type(self).publishes(post)

    def probe(self, post: Outgoing) -> Receipt | None:
        type(self).looked.append(post.key)
        return type(self).probes(post)

    def follow_up(self, post: Outgoing, handle: Mapping[str, Any]) -> Receipt | Pending:
        return type(self).follows(post, handle)

    def fetch(self, cursor: str) -> Fetched:
        return type(self).fetches(cursor)

    def parse(self, parcel: bytes) -> list[Any]:
        if parcel == b"garbage":
            raise Unreadable("garbage")
        if parcel == b"bug":
            raise ZeroDivisionError
        text = parcel.decode()
        return [Incoming(text, text, "warga", text, sent_at=now())]

    def check(self) -> Health:
        return Health("did:contoh", "contoh.test")


def script(monkeypatch: pytest.MonkeyPatch, **answers: Callable[..., Any]) -> type[Scripted]:
    """Put the scripted network in helloworld's place; `publishes=`, `probes=` are its answers."""
    Scripted.given, Scripted.looked = [], []
    for name, answer in answers.items():
        monkeypatch.setattr(Scripted, name, staticmethod(answer), raising=False)
    monkeypatch.setattr(selectors, "CONNECTORS", {**selectors.CONNECTORS, "helloworld": Scripted})
    return Scripted


def make_connection(institution: Institution | None = None, **fields: Any) -> Connection:
    """A line of the institution."""
    number = next(_next)
    fields = {
        "channel": "helloworld",
        "name": f"Papan {number}",
        "address": f"alamat-{number}",
        "next_look_at": now(),
        **fields,
    }
    return Connection.objects.create(institution=institution or make_institution(), **fields)


def make_dispatch(connection: Connection | None = None, **fields: Any) -> Dispatch:
    """A thing that is due."""
    number = next(_next)
    dispatch = entrust(
        connection or make_connection(),
        Outgoing(key=f"kunci-{number}", text="Halo"),
        purpose="test.thing",
        ref=number,
        due_at=now(),
    )
    if fields:
        Dispatch.objects.filter(pk=dispatch.pk).update(**fields)
        dispatch.refresh_from_db()
    return dispatch


def raising(failure: Exception) -> Callable[..., Any]:
    """An answer that is a failure."""

    def fail(*_: Any) -> Any:
        raise failure

    return fail
