"""A stage for a connector of any kind: it may publish, and what left it can be read.

What the connector asks for decides the stage: a folder, a submission server on this machine, or
recorded answers of its network (`fixtures/*.json` of the form {"status": …, "body": …}). Of those,
`session` answers a sign-in, `published` answers a change, and a look is answered by the file whose
name its address ends with (`…/app.bsky.notification.listNotifications` -> `notifications`).
"""

import inspect
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from balai.channels.contract import Can, Connector, Http

SIGN_IN = ("session", "token", "login", "oauth")
STAND_IN = "contoh"


class Stage:
    """One connector, its settings, and everything that it said to the outside."""

    def __init__(self, kind: type[Connector], folder: Path, settings: dict[str, str]) -> None:
        self.kind, self.folder, self.settings = kind, folder, settings
        self.heard: list[bytes] = []
        self.loses_answers = False  # the network obeys, and its answer never comes

    def connector(self) -> Connector:
        """A new one, as every use of a connection makes it."""
        if not recorded(self.kind):
            return self.kind(self.settings)
        line = Http("https://stage.invalid", transport=httpx.MockTransport(self._answer))
        return self.kind(self.settings, http=line)

    def said(self) -> bytes:
        """All that left, in one piece."""
        written = self.folder / "out.jsonl"
        return b"\n".join([*self.heard, written.read_bytes() if written.exists() else b""])

    def bring_in(self) -> None:
        """Let citizens say what was recorded; a network's answers say so themselves."""
        if in_a_folder(self.kind):
            lines = b"".join(parcels(self.kind).values())
            (self.folder / "in.jsonl").write_bytes(lines)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(str(request.headers.raw).encode() + request.read())
        if self.loses_answers:
            raise httpx.ReadTimeout("the answer was lost")
        found = recorded(self.kind)
        path = request.url.path.lower()
        if any(word in path for word in SIGN_IN):
            answer = found["session"]
        elif request.method != "GET":
            answer = found["published"]
        else:
            names = [name for name in found if path.endswith(name.replace("_", ""))]
            answer = found[names[0]] if names else {"status": 404, "body": {"error": "NotFound"}}
        if isinstance(answer["body"], str):  # a network that speaks in plain words
            return httpx.Response(answer["status"], text=answer["body"])
        return httpx.Response(answer["status"], json=answer["body"])


def fixtures(kind: type[Connector]) -> Path:
    """The folder of what was recorded for this connector."""
    return Path(inspect.getfile(kind)).parent / "fixtures"


def recorded(kind: type[Connector]) -> dict[str, dict[str, Any]]:
    """The recorded answers of its network, by name; empty for channels that speak no HTTP."""
    found = {path.stem: json.loads(path.read_text()) for path in fixtures(kind).glob("*.json")}
    return {
        name: answer
        for name, answer in found.items()
        if isinstance(answer, dict) and set(answer) == {"status", "body"}
    }


def parcels(kind: type[Connector]) -> dict[str, bytes]:
    """What was recorded of citizens: every fixture that is no answer of the network."""
    answers = recorded(kind)
    return {
        path.name: path.read_bytes()
        for path in sorted(fixtures(kind).rglob("*"))
        if path.is_file() and not (path.suffix == ".json" and path.stem in answers)
    }


def publishes(kind: type[Connector]) -> bool:
    """Whether anything can go out on this channel."""
    return Can.PUBLISH in kind.can


def in_a_folder(kind: type[Connector]) -> bool:
    """Whether its network is a folder of this machine."""
    return any(ask.name == "folder" for ask in kind.asks)


def in_a_mailbox(kind: type[Connector]) -> bool:
    """Whether its network is a mail server."""
    return any(ask.name == "smtp_host" for ask in kind.asks)


def citizen(kind: type[Connector]) -> str:
    """Where a citizen is reached on this channel: on a telephone, else by mail."""
    on_phones = any(ask.name == "sendsms_address" for ask in kind.asks)
    return "+628110000001" if on_phones else "warga@contoh.example"


@contextmanager
def set_stage(kind: type[Connector], folder: Path) -> Iterator[Stage]:
    """The connector's surroundings, until the test is over."""
    settings = {ask.name: ask.default or STAND_IN for ask in kind.asks}
    if in_a_folder(kind):
        settings["folder"] = str(folder)
    if "feed_address" in settings:
        settings["feed_address"] = "https://stage.invalid/feed"
    stage = Stage(kind, folder, settings)
    if not in_a_mailbox(kind):
        yield stage
        return
    with mail_server(stage.heard) as port:
        settings |= {"address": "kota@contoh.example", "smtp_host": "127.0.0.1"}
        settings |= {"smtp_port": str(port), "smtp_security": "none"}
        yield stage


@contextmanager
def mail_server(heard: list[bytes]) -> Iterator[int]:
    """A submission server on a free port of this machine that accepts everything."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    class Listening:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            heard.append(envelope.content)
            return "250 kept"

    with socket.socket() as probe:  # aiosmtpd greets itself at the port that it was given
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = Controller(
        Listening(), "127.0.0.1", port, auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=True),
    )  # fmt: skip
    server.start()
    try:
        yield port
    finally:
        server.stop()
