"""Looking into the office's mailbox (IMAP4rev1, RFC 3501; IDLE, RFC 2177), changing nothing."""

import contextlib
import imaplib
import json
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from balai.channels.contract import Fetched, NotSent, Refused
from balai.channels.providers.email.lines import Server
from balai.channels.providers.email.reading import left_out

PAGE = 50  # messages in one look
PAGE_BYTES = 20 * 1024 * 1024
LONGEST_MAIL = 25 * 1024 * 1024  # larger ones: headers only
WINDOW = 50_000  # uids asked for at once: the answer stays below imaplib's longest line, 1 MB
MOST_WINDOWS = 20
UID = re.compile(rb"\bUID (\d{1,10})\b")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,12})\b")
FOLDER = re.compile(rb'\(([^)]*)\) (?:"(?:\\.|[^"\\])"|NIL) (.+)')
# Where filters, other mail programs and people may have moved our own copy (RFC 6154).
KEEPING = (b"\\sent", b"\\all", b"\\archive", b"\\junk", b"\\trash")
CLOSED = (b"\\noselect", b"\\nonexistent")
WAIT_AND_SEE = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN")  # RFC 5530


@dataclass(frozen=True)
class _Place:
    uidvalidity: int
    uid: int


@contextmanager
def signed_in(server: Server) -> Iterator[imaplib.IMAP4]:
    """A line on which we are known. Raises NotSent (no or broken line) and Refused (their no)."""
    line: imaplib.IMAP4 | None = None
    try:
        line = _Ssl(server) if server.security == "ssl" else _Plain(server)
        if server.security == "starttls":
            line.starttls(server.trust())
        _sign_in(line, server)
        yield line
    except (imaplib.IMAP4.abort, OSError, EOFError, ValueError) as failure:
        raise NotSent(server.broken(failure)) from failure
    except imaplib.IMAP4.error as no:
        raise Refused(f"{server.host}: {_words(no.args[:1])}", permanent=False) from no
    finally:
        if line is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                line.socket().settimeout(server.goodbye_seconds)
                line.logout()
            with contextlib.suppress(OSError):
                line.shutdown()


def fetch(server: Server, cursor: str) -> Fetched:
    """The next page of INBOX after the cursor, oldest first; `more` when another page waits."""
    with signed_in(server) as line:
        uidvalidity, uidnext = _look_into(line, "INBOX")
        place = _place(cursor)
        start = place.uid if place and place.uidvalidity == uidvalidity else 0
        uids, reached = _uids_after(line, start, uidnext)
        page = uids[:PAGE]
        sizes = _sizes(line, page) if page else {}
        chosen: list[int] = []
        total = 0
        for uid in page:
            total += min(sizes.get(uid, 0), LONGEST_MAIL)
            if chosen and total > PAGE_BYTES:
                break
            chosen.append(uid)
        parcels = _parcels(line, chosen, sizes)
        last = chosen[-1] if chosen else max(reached, start)
        more = len(chosen) < len(uids) or (uidnext > 0 and reached + 1 < uidnext)
        return Fetched(parcels, json.dumps({"uidvalidity": uidvalidity, "uid": last}), more)


def holds(server: Server, message_id: str) -> bool:
    """Whether the mailbox, or a folder where such mail may have gone, holds this message."""
    with signed_in(server) as line:
        for folder in _folders(line):
            _look_into(line, folder)  # a folder that cannot be looked into proves nothing: Refused
            if _search(line, "HEADER", "Message-ID", f'"<{message_id}>"'):
                return True
    return False


def wait(server: Server, seconds: float) -> bool:
    """Wait until something arrives in INBOX, at most so long; False at once without IDLE."""
    with signed_in(server) as line:
        _look_into(line, "INBOX")
        if "IDLE" not in line.capabilities:
            return False
        line.send(b"BALAI IDLE\r\n")
        if not line.readline().startswith(b"+"):
            return False
        arrived = _news_within(line, seconds)
        line.socket().settimeout(server.read_seconds)
        line.send(b"DONE\r\n")
        return arrived


def _news_within(line: imaplib.IMAP4, seconds: float) -> bool:
    until = monotonic() + seconds
    while (left := until - monotonic()) > 0:
        line.socket().settimeout(left)
        try:
            said = line.readline()
        except TimeoutError:
            return False
        if not said or said.startswith(b"* BYE"):
            raise imaplib.IMAP4.abort("the server ended the line")
        if re.match(rb"\* \d+ (?:EXISTS|RECENT)", said, re.IGNORECASE):
            return True
    return False


class _Plain(imaplib.IMAP4):
    """imaplib's line with one time limit for connecting and another for reading."""

    def __init__(self, server: Server) -> None:
        self._server = server
        super().__init__(server.host, server.port, timeout=server.connect_seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        address = (self._server.host, self._server.port)
        sock = socket.create_connection(address, timeout)
        sock.settimeout(self._server.read_seconds)
        return sock


class _Ssl(_Plain):
    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = super()._create_socket(timeout)
        return self._server.trust().wrap_socket(sock, server_hostname=self._server.host)


def _sign_in(line: imaplib.IMAP4, server: Server) -> None:
    try:
        if "AUTH=PLAIN" in line.capabilities:  # the only way for passwords beyond ASCII (RFC 4616)
            secret = f"\0{server.user}\0{server.password}".encode()
            line.authenticate("PLAIN", lambda _challenge: secret)
        else:
            line.login(server.user, server.password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as no:
        words = _words(no.args[:1])
        later = any(f"[{code}" in words for code in WAIT_AND_SEE)
        raise Refused(f"{server.host}: {words}", permanent=not later, signs_in=later) from no


def _look_into(line: imaplib.IMAP4, folder: str) -> tuple[int, int]:
    """Open a folder for reading only (EXAMINE): its UIDVALIDITY and UIDNEXT, 0 where untold."""
    kind, data = line.select(folder, readonly=True)
    if kind != "OK":
        raise Refused(f"{folder}: {_words(data)}", permanent=False)
    return _number(line, "UIDVALIDITY"), _number(line, "UIDNEXT")


def _number(line: imaplib.IMAP4, name: str) -> int:
    _kind, data = line.response(name)
    said = data[-1] if data else None
    return int(said) if isinstance(said, bytes) and said.isdigit() else 0


def _uids_after(line: imaplib.IMAP4, start: int, uidnext: int) -> tuple[list[int], int]:
    """Uids above `start`, ascending, and the highest uid that was looked at."""
    reached = start
    for _window in range(MOST_WINDOWS):
        if uidnext and reached + 1 >= uidnext:
            return [], reached
        last = str(reached + WINDOW) if uidnext else "*"
        # "n:*" names the last message even when its uid is below n (RFC 3501, section 6.4.8).
        found = _search(line, "UID", f"{reached + 1}:{last}")
        uids = sorted({uid for uid in found if uid > reached})
        reached = max([reached, *uids]) if not uidnext else min(reached + WINDOW, uidnext - 1)
        if uids or not uidnext:
            return uids, reached
    return [], reached


def _search(line: imaplib.IMAP4, *wanted: str) -> list[int]:
    kind, data = line.uid("SEARCH", *wanted)
    if kind != "OK":
        raise Refused(f"SEARCH: {_words(data)}", permanent=False)
    return [int(each) for row in data if row for each in row.split()]


def _sizes(line: imaplib.IMAP4, uids: Sequence[int]) -> dict[int, int]:
    _kind, data = line.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
    found: dict[int, int] = {}
    for said in data:
        row = said if isinstance(said, bytes) else b""
        uid, size = UID.search(row), SIZE.search(row)
        if uid and size:
            found[int(uid[1])] = int(size[1])
    return found


def _parcels(line: imaplib.IMAP4, uids: Sequence[int], sizes: dict[int, int]) -> tuple[bytes, ...]:
    """The raw mails in the order of `uids`. One that was deleted meanwhile is simply not there."""
    large = [uid for uid in uids if sizes.get(uid, 0) > LONGEST_MAIL]
    bodies = _bodies(line, [uid for uid in uids if uid not in large], "BODY.PEEK[]")
    for uid, head in _bodies(line, large, "BODY.PEEK[HEADER]").items():
        bodies[uid] = left_out(sizes[uid]) + head
    missing = [str(uid) for uid in uids if uid not in bodies]
    if missing and _search(line, "UID", ",".join(missing)):
        raise Refused(f"the server keeps mail {', '.join(missing)} back", permanent=False)
    return tuple(bodies[uid] for uid in uids if uid in bodies)


def _bodies(line: imaplib.IMAP4, uids: Sequence[int], what: str) -> dict[int, bytes]:
    if not uids:
        return {}
    kind, data = line.uid("FETCH", ",".join(map(str, uids)), f"(UID {what})")
    if kind != "OK":
        raise Refused(_words(data), permanent=False)
    found: dict[int, bytes] = {}
    for at, said in enumerate(data):
        if isinstance(said, tuple):
            after: Any = data[at + 1] if at + 1 < len(data) else b""
            uid = UID.search(said[0]) or UID.search(after if isinstance(after, bytes) else b"")
            if uid:
                found[int(uid[1])] = said[1]
    return found


def _folders(line: imaplib.IMAP4) -> list[str]:
    """INBOX and the folders with a special use where the server tells them."""
    names = ["INBOX"]
    _kind, data = line.list()
    for row in data or ():
        told = FOLDER.match(row) if isinstance(row, bytes) else None
        uses = told[1].lower() if told else b""
        if told and any(use in uses for use in KEEPING) and not any(no in uses for no in CLOSED):
            names.append(told[2].decode("ascii", "replace"))
    return names


def _place(cursor: str) -> _Place | None:
    try:
        told = json.loads(cursor) if cursor else {}
        return _Place(int(told["uidvalidity"]), int(told["uid"]))
    except (ValueError, KeyError, TypeError):
        return None


def _words(data: Sequence[Any]) -> str:
    said = data[0] if data else b""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(words.split())[:300]
