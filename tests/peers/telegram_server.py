"""A small, strict server that speaks Telegram's Bot API, kept in memory.

The official server cannot be had, and the mock on npm does not keep to the documents. So this one
is held from two sides: it refuses every request, and gives no answer, that the official list of
methods and types does not allow (`telegram_table`); an unmodified client library must be content.
`with TelegramServer() as server: server.say("siti", "Halo")`.
"""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.peers import telegram_table as table

TOKEN = "7000001:AAHtoken-hanya-untuk-uji_0123456789"
BOT = {"id": 7000001, "is_bot": True, "first_name": "Kota Contoh", "username": "kotacontoh_bot"}
ABILITIES = (
    "can_join_groups", "can_read_all_group_messages", "supports_inline_queries",
    "can_connect_to_business", "has_main_web_app",
)  # fmt: skip


class No(Exception):
    """An answer with ok=false."""

    def __init__(self, status: int, words: str, **parameters: int) -> None:
        super().__init__(words)
        self.status, self.words, self.parameters = status, words, parameters


class Network:
    """Everything that the server knows, and what a citizen does there."""

    def __init__(self) -> None:
        self.api = table.load()
        self.lock = threading.Lock()
        self.chats: dict[Any, dict[str, Any]] = {}
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.updates: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}
        self.hook: dict[str, Any] = {}
        self.rests: list[int] = []  # the next changes are answered with 429 and these seconds
        self.numbers = {"message": 10, "update": 880000, "person": 410000, "album": 13000}

    def next(self, what: str) -> int:
        self.numbers[what] += 1
        return self.numbers[what]

    # What citizens do

    def person(self, name: str) -> dict[str, Any]:
        """The private chat of somebody; it is opened by their first message."""
        for chat in self.chats.values():
            if chat["type"] == "private" and chat["first_name"] == name.title():
                return chat
        chat = {"id": self.next("person"), "type": "private", "first_name": name.title()}
        self.chats[chat["id"]] = chat
        return chat

    def group(self, number: int, title: str) -> dict[str, Any]:
        """A group that the bot is a member of."""
        kind = "supergroup" if number < -(10**12) else "group"
        self.chats[number] = {"id": number, "type": kind, "title": title}
        return self.chats[number]

    def channel(self, name: str) -> dict[str, Any]:
        """A public channel in which the bot may write."""
        number = -(10**12) - self.next("person")
        chat = {"id": number, "type": "channel", "title": name.title(), "username": name}
        self.chats[number] = self.chats[f"@{name}"] = chat
        return chat

    def say(self, name: str, text: str = "", **fields: Any) -> dict[str, Any]:
        """A citizen writes to the bot, or in a group (`chat=`)."""
        person = self.person(name)
        author = {"id": person["id"], "is_bot": False, "first_name": person["first_name"]}
        words = {"text": text} if text else {}
        with self.lock:
            message = self._write({"chat": person, "from": author, **words, **fields})
            self._tell("message", message)
        return message

    def show(self, name: str, pictures: list[bytes], caption: str) -> list[dict[str, Any]]:
        """A citizen sends an album."""
        album = {"media_group_id": str(self.next("album"))}
        shown = [{**album, "photo": self._photo(body)} for body in pictures]
        shown[0]["caption"] = caption
        return [self.say(name, **part) for part in shown]

    def change(self, message: dict[str, Any], text: str) -> None:
        """A citizen edits what they wrote."""
        with self.lock:
            message |= {"text": text, "edit_date": int(time.time())}
            self._tell("edited_message", message)

    def texts(self, chat: int) -> list[str]:
        """What the bot wrote that stands in this chat, oldest first."""
        own = [m for (place, _), m in self.messages.items() if place == chat and m["from"] == BOT]
        return [m.get("text") or m.get("caption", "") for m in own]

    def calls(self) -> list[tuple[str, str, bytes]]:
        """What the webhook is called with, once: the path, the secret, the update."""
        with self.lock:
            waiting, self.updates = self.updates, []
        path, secret = urlsplit(self.hook["url"]).path, self.hook.get("secret_token", "")
        return [(path, secret, json.dumps(update).encode()) for update in waiting]

    # What bots ask

    def answer(self, method: str, given: dict[str, Any], files: dict[str, bytes]) -> Any:
        """The result of a method. Raises No."""
        fields = self.api["methods"].get(method)
        if fields is None:
            raise No(404, "Not Found")
        asked = {name: _typed(value, fields.get(name)) for name, value in given.items()}
        needed = {n: f for n, f in fields.items() if f["types"] != ["InputFile", "String"]}
        try:
            plain = {name: value for name, value in asked.items() if name in needed}
            if unknown := set(given) - set(fields):
                raise table.Wrong(f"no parameter {sorted(unknown)}")
            table.check_fields(plain, needed, self.api, method)
        except table.Wrong as wrong:
            raise No(400, f"Bad Request: {wrong}") from wrong
        with self.lock:
            if self.rests and method.startswith(("send", "edit", "delete")):
                seconds = self.rests.pop(0)
                raise No(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
            return getattr(self, f"do_{method}")(files, **asked)

    def do_getMe(self, _files: Any) -> Any:  # noqa: N802
        return BOT | dict.fromkeys(ABILITIES, False)

    def do_getUpdates(  # noqa: N802
        self, _files: Any, offset: int = 0, limit: int = 100, timeout: int = 0,
        allowed_updates: list[str] | None = None,
    ) -> Any:  # fmt: skip
        if self.hook.get("url"):
            words = "can't use getUpdates method while webhook is active; use deleteWebhook to"
            raise No(409, f"Conflict: {words} delete the webhook first")
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        return self.updates[:limit]

    def do_setWebhook(self, _files: Any, url: str, **fields: Any) -> Any:  # noqa: N802
        if url and not url.startswith("https://"):
            raise No(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.hook = {"url": url, **fields}
        return True

    def do_deleteWebhook(self, _files: Any, **_fields: Any) -> Any:  # noqa: N802
        self.hook = {}
        return True

    def do_getWebhookInfo(self, _files: Any) -> Any:  # noqa: N802
        return {
            "url": self.hook.get("url", ""), "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }  # fmt: skip

    def do_sendMessage(self, _files: Any, chat_id: Any, text: str, **fields: Any) -> Any:  # noqa: N802
        if not text.strip():
            raise No(400, "Bad Request: message text is empty")
        if _units(text) > 4096:
            raise No(400, "Bad Request: message is too long")
        return self._write({**self._place(chat_id, fields), "text": text})

    def do_sendPhoto(self, files: Any, chat_id: Any, caption: str = "", **fields: Any) -> Any:  # noqa: N802
        if "photo" not in files:
            raise No(400, "Bad Request: there is no photo in the request")
        return self._write(
            {
                **self._place(chat_id, fields),
                **_caption(caption),
                "photo": self._photo(files["photo"]),
            }
        )

    def do_sendMediaGroup(self, files: Any, chat_id: Any, media: Any, **fields: Any) -> Any:  # noqa: N802
        if not 2 <= len(media) <= 10:
            raise No(400, "Bad Request: wrong number of media")
        album, place = {"media_group_id": str(self.next("album"))}, self._place(chat_id, fields)
        parts = []
        for one in media:
            name = one["media"].removeprefix("attach://")
            if name not in files:
                raise No(400, f"Bad Request: file {name} is missing")
            caption = _caption(one.get("caption", ""))
            parts.append({**place, **album, **caption, "photo": self._photo(files[name])})
        return [self._write(part) for part in parts]

    def do_editMessageText(self, _files: Any, text: str, **fields: Any) -> Any:  # noqa: N802
        return self._edit("text", text, **fields)

    def do_editMessageCaption(self, _files: Any, caption: str = "", **fields: Any) -> Any:  # noqa: N802
        return self._edit("caption", caption, **fields)

    def do_deleteMessage(self, _files: Any, chat_id: int, message_id: int) -> Any:  # noqa: N802
        message = self.messages.get((chat_id, message_id))
        if message is None:
            raise No(400, "Bad Request: message to delete not found")
        if message["date"] < time.time() - 48 * 3600:
            raise No(400, "Bad Request: message can't be deleted for everyone")
        del self.messages[chat_id, message_id]
        return True

    def do_deleteMessages(self, _files: Any, chat_id: int, message_ids: list[int]) -> Any:  # noqa: N802
        for number in message_ids:
            self.messages.pop((chat_id, number), None)
        return True

    def do_getFile(self, _files: Any, file_id: str) -> Any:  # noqa: N802
        if file_id not in self.files:
            raise No(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[file_id])
        return {
            "file_id": file_id, "file_unique_id": file_id[:8], "file_size": size,
            "file_path": f"photos/{file_id}.jpg",
        }  # fmt: skip

    def _place(self, chat_id: Any, fields: dict[str, Any]) -> dict[str, Any]:
        if chat_id in self.moved:
            new = self.moved[chat_id]
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise No(400, words, migrate_to_chat_id=new)
        if chat_id not in self.chats:
            raise No(400, "Bad Request: chat not found")
        if chat_id in self.blocked:
            raise No(403, "Forbidden: bot was blocked by the user")
        chat = self.chats[chat_id]
        place: dict[str, Any] = {"chat": chat, "from": BOT}
        if reply := fields.get("reply_parameters"):
            above = self.messages.get((chat["id"], reply["message_id"]))
            if above is None and not reply.get("allow_sending_without_reply"):
                raise No(400, "Bad Request: message to be replied not found")
            if above:
                shown = {k: v for k, v in above.items() if k != "reply_to_message"}
                place["reply_to_message"] = shown
        return place

    def _write(self, message: dict[str, Any]) -> dict[str, Any]:
        message = {"message_id": self.next("message"), "date": int(time.time()), **message}
        self.messages[message["chat"]["id"], message["message_id"]] = message
        return message

    def _edit(self, what: str, text: str, chat_id: int, message_id: int, **_: Any) -> Any:
        message = self.messages.get((chat_id, message_id))
        if message is None or what not in message:
            raise No(400, "Bad Request: message to edit not found")
        if message[what] == text:
            raise No(400, "Bad Request: message is not modified")
        message |= {what: text, "edit_date": int(time.time())}
        return message

    def _photo(self, body: bytes) -> list[dict[str, Any]]:
        number = hashlib.sha256(body).hexdigest()[:24]
        self.files[number] = body
        sizes = {"width": 90, "height": 60}
        return [{"file_id": number, "file_unique_id": number[:8], "file_size": len(body), **sizes}]

    def _tell(self, kind: str, message: dict[str, Any]) -> None:
        update = {"update_id": self.next("update"), kind: json.loads(json.dumps(message))}
        table.check(update, ["Update"], self.api, "update")
        self.updates.append(update)


class TelegramServer(Network):
    """The running server, at `url`."""

    def __init__(self) -> None:
        super().__init__()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


def _handler(network: Network) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            place = urlsplit(self.path)
            asked = unquote(place.path)
            if asked.startswith(f"/file/bot{TOKEN}/"):
                body = network.files.get(asked.rpartition("/")[2].partition(".")[0])
                self._say(200 if body is not None else 404, body or b"")
                return
            self._ask(place.path, dict(parse_qsl(place.query)), {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kind = self.headers.get("Content-Type") or ""
            if kind.startswith("application/json"):
                self._ask(urlsplit(self.path).path, json.loads(body), {})
            elif kind.startswith("multipart/form-data"):
                self._ask(urlsplit(self.path).path, *_parts(kind, body))
            else:
                self._ask(urlsplit(self.path).path, dict(parse_qsl(body.decode())), {})

        def _ask(self, path: str, given: dict[str, Any], files: dict[str, bytes]) -> None:
            _, bot, method = [*path.split("/"), "", ""][:3]
            try:
                if unquote(bot) != f"bot{TOKEN}":
                    raise No(401, "Unauthorized")
                said = {"ok": True, "result": network.answer(method, given, files)}
                status = 200
            except No as no:
                status = no.status
                said = {"ok": False, "error_code": status, "description": no.words}
                if no.parameters:
                    said["parameters"] = no.parameters
            _check_answer(network, method, said)
            self._say(status, json.dumps(said).encode(), "application/json")

        def _say(self, status: int, body: bytes, kind: str = "application/octet-stream") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


GIVES = {
    "getMe": "User", "getUpdates": "Array of Update", "getWebhookInfo": "WebhookInfo",
    "getFile": "File", "sendMessage": "Message", "sendPhoto": "Message",
    "sendMediaGroup": "Array of Message", "editMessageText": "Message",
    "editMessageCaption": "Message",
}  # fmt: skip


def _check_answer(network: Network, method: str, said: dict[str, Any]) -> None:
    if said["ok"]:
        table.check(said["result"], [GIVES.get(method, "True")], network.api, method)


def _typed(value: Any, field: dict[str, Any] | None) -> Any:
    """A value of a form is text; what it stands for is told by the table."""
    if not isinstance(value, str) or field is None or "String" in field["types"]:
        numeric = isinstance(value, str) and field and "Integer" in field["types"]
        return int(value) if numeric and value.lstrip("-").isdecimal() else value
    try:
        return json.loads(value)
    except ValueError as failure:
        raise No(400, f"Bad Request: {value[:40]} is no {field['types'][0]}") from failure


def _parts(kind: str, body: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    boundary = b"--" + kind.partition("boundary=")[2].strip('"').encode()
    given: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for part in body.split(boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        words = head.decode()
        name = words.partition('name="')[2].partition('"')[0]
        if "filename=" in words:
            files[name] = content.removesuffix(b"\r\n")
        else:
            given[name] = content.removesuffix(b"\r\n").decode()
    return given, files


def _caption(text: str) -> dict[str, str]:
    if _units(text) > 1024:
        raise No(400, "Bad Request: message caption is too long")
    return {"caption": text} if text else {}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
