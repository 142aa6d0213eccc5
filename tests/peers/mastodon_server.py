"""A small server that speaks Mastodon's interface, in a process of its own, kept in memory.

No real server can be installed here, so this one is held to the real ones from two sides: an
unmodified client library (Mastodon.py) must be content with it, and the connector that is tried
against it is also replayed against recorded real servers. It keeps what matters to a desk: who may
see a status, mentions, threads, `Idempotency-Key`, numbers that rise.

`python -m tests.peers.mastodon_server PORT kota=token-a warga=token-b`
"""

import html
import json
import re
import subprocess
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.peers.bluesky import free_ports
from tests.peers.waiting import wait_until

MENTION = re.compile(r"@(\w+)")
PLACES = re.compile(r"@(\w+)|https?://([^\s<]+)")


class MastodonServer:
    """The running server: `with MastodonServer("kota", "warga") as server`."""

    def __init__(self, *names: str) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.tokens = {name: f"token-{name}" for name in names}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        people = [f"{name}={token}" for name, token in self.tokens.items()]
        command = [sys.executable, "-m", "tests.peers.mastodon_server", str(self.port), *people]
        self._process = subprocess.Popen(command)
        wait_until(self._answers, 60, what="the Mastodon server")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait(20)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/instance", trust_env=False).is_success
        except httpx.HTTPError:
            return False


class Network:
    """Everything that the server knows."""

    def __init__(self, url: str, people: dict[str, str]) -> None:
        self.url, self.lock = url, threading.Lock()
        self.by_token = {token: name for name, token in people.items()}
        self.names = list(people)
        self.statuses: dict[str, dict[str, Any]] = {}
        self.notifications: dict[str, list[dict[str, Any]]] = {name: [] for name in people}
        self.keys: dict[tuple[str, str], str] = {}
        self.next = 117440900000000000

    def account(self, name: str) -> dict[str, Any]:
        return {
            "id": str(self.names.index(name) + 100), "username": name, "acct": name,
            "display_name": name.title(), "locked": False, "bot": False, "group": False,
            "created_at": "2026-01-01T00:00:00.000Z", "note": "", "emojis": [], "fields": [],
            "url": f"{self.url}/@{name}", "uri": f"{self.url}/users/{name}",
            "avatar": "", "avatar_static": "", "header": "", "header_static": "",
            "followers_count": 0, "following_count": 0, "statuses_count": 0, "last_status_at": None,
        }  # fmt: skip

    def may_see(self, name: str, status: dict[str, Any]) -> bool:
        named = [person["acct"] for person in status["mentions"]]
        return status["visibility"] in ("public", "unlisted") or name in [
            status["account"]["acct"], *named
        ]  # fmt: skip

    def post(self, name: str, form: dict[str, list[str]], key: str) -> tuple[int, Any]:
        known = self.keys.get((name, key)) if key else None
        if known:
            return 200, self.statuses[known]
        text, above = form.get("status", [""])[0], form.get("in_reply_to_id", [""])[0]
        if len(text) > 500:
            return 422, {"error": "Validation failed: Text character limit of 500 exceeded"}
        if above and above not in self.statuses:
            return 404, {"error": "The post you are trying to reply to does not exist"}
        self.next += 1
        number, at = str(self.next), datetime.now(UTC).isoformat(timespec="milliseconds")
        status = {
            "id": number, "created_at": at.replace("+00:00", "Z"), "edited_at": None,
            "in_reply_to_id": above or None,
            "in_reply_to_account_id": self.statuses[above]["account"]["id"] if above else None,
            "sensitive": "spoiler_text" in form, "spoiler_text": form.get("spoiler_text", [""])[0],
            "visibility": form.get("visibility", ["public"])[0],
            "language": form.get("language", [None])[0],
            "uri": f"{self.url}/users/{name}/statuses/{number}",
            "url": f"{self.url}/@{name}/{number}",
            "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "favourited": False,
            "reblogged": False, "muted": False, "bookmarked": False, "reblog": None,
            "account": self.account(name), "media_attachments": [], "tags": [], "emojis": [],
            "card": None, "poll": None, "content": self.page(text), "mentions": self.named(text),
        }  # fmt: skip
        self.statuses[number] = status
        if key:
            self.keys[name, key] = number
        for person in status["mentions"]:
            if person["acct"] != name:
                self.tell(person["acct"], status)
        return 200, status

    def tell(self, name: str, status: dict[str, Any]) -> None:
        """A mention. Numbers are the server's own and rise."""
        self.next += 1
        note = {"id": str(self.next), "type": "mention", "created_at": status["created_at"]}
        note |= {"account": status["account"], "status": status}
        self.notifications[name].append(note)

    def named(self, text: str) -> list[dict[str, Any]]:
        found = [n for n in dict.fromkeys(MENTION.findall(text)) if n in self.names]
        return [{k: self.account(n)[k] for k in ("id", "username", "acct", "url")} for n in found]

    def page(self, text: str) -> str:
        """The text as real servers of 2026 dress it (seen in the recordings)."""

        def dressed(found: re.Match[str]) -> str:
            name, rest = found[1], found[2]
            if rest:
                scheme = found[0][: -len(rest)]
                return (
                    f'<a href="{found[0]}" rel="nofollow noopener" translate="no">'
                    f'<span class="invisible">{scheme}</span><span class="ellipsis">{rest[:30]}'
                    f'</span><span class="invisible">{rest[30:]}</span></a>'
                )
            if name not in self.names:
                return found[0]
            return (
                f'<span class="h-card" translate="no"><a href="{self.url}/@{name}" '
                f'class="u-url mention">@<span>{name}</span></a></span>'
            )

        escaped = html.escape(text.strip(), quote=False)
        lines = PLACES.sub(dressed, escaped).replace("\n\n", "</p><p>").replace("\n", "<br />")
        return f"<p>{lines}</p>"

    def context(self, name: str, number: str) -> dict[str, Any]:
        above, at = [], self.statuses[number]["in_reply_to_id"]
        while at in self.statuses:
            above.insert(0, self.statuses[at])
            at = self.statuses[at]["in_reply_to_id"]
        below, parents = [], {number}
        for status in self.statuses.values():
            if status["in_reply_to_id"] in parents:
                parents.add(status["id"])
                below.append(status)
        return {
            "ancestors": [s for s in above if self.may_see(name, s)],
            "descendants": [s for s in below if self.may_see(name, s)],
        }

    def delete(self, name: str, number: str) -> tuple[int, Any]:
        status = self.statuses.get(number)
        if status is None or status["account"]["acct"] != name:
            return 404, {"error": "Record not found"}
        del self.statuses[number]
        for notes in self.notifications.values():
            notes[:] = [note for note in notes if note["status"]["id"] != number]
        return 200, status

    def answer(
        self, method: str, path: str, name: str, form: dict[str, list[str]], key: str
    ) -> tuple[int, Any]:
        parts = path.strip("/").split("/")[2:]
        match method, parts:
            case "GET", ["instance"]:
                return 200, {
                    "domain": urlsplit(self.url).netloc, "title": "Sosial Contoh",
                    "version": "4.7.3", "configuration": {"statuses": {"max_characters": 500}},
                }  # fmt: skip
            case _ if not name:
                return 401, {"error": "The access token is invalid"}
            case "GET", ["accounts", "verify_credentials"]:
                return 200, self.account(name)
            case "GET", ["notifications"]:
                return 200, _paged(self.notifications[name], form)
            case "GET", ["accounts", _, "statuses"]:
                mine = [s for s in self.statuses.values() if s["account"]["id"] == parts[1]]
                return 200, _paged([s for s in mine if self.may_see(name, s)], form)
            case "POST", ["statuses"]:
                return self.post(name, form, key)
            case "DELETE", ["statuses", number]:
                return self.delete(name, number)
            case "GET", ["statuses", number, *rest]:
                status = self.statuses.get(number)
                if status is None or not self.may_see(name, status):
                    return 404, {"error": "Record not found"}
                return 200, self.context(name, number) if rest == ["context"] else status
        return 404, {"error": "Not found"}


def _paged(found: list[dict[str, Any]], form: dict[str, list[str]]) -> list[dict[str, Any]]:
    limit = min(int(form.get("limit", ["20"])[0]), 40)
    floors = [int(form[name][0]) for name in ("min_id", "since_id") if name in form]
    low, high = max([0, *floors]), int(form.get("max_id", [str(10**20)])[0])
    inside = [one for one in found if low < int(one["id"]) < high]
    kept = inside[:limit] if "min_id" in form else inside[-limit:]
    return list(reversed(kept))


def handler(network: Network) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            place = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = parse_qs(place.query) | parse_qs(body)
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            key = self.headers.get("Idempotency-Key") or ""
            with network.lock:
                name = network.by_token.get(token, "")
                status, said = network.answer(self.command, place.path, name, form, key)
                told = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_DELETE = do_PUT = serve  # noqa: N815

        def log_message(self, *_words: Any) -> None:
            """Silence: the tests say what went wrong."""

    return Handler


def main() -> None:
    """Serve until the process is ended."""
    port, *people = sys.argv[1:]
    known = dict(person.split("=", 1) for person in people)
    network = Network(f"http://127.0.0.1:{port}", known)
    ThreadingHTTPServer(("127.0.0.1", int(port)), handler(network)).serve_forever()


if __name__ == "__main__":
    main()
