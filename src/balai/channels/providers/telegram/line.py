"""Calls of the Bot API: https://core.telegram.org/bots/api#making-requests

The token is part of every address. So no error keeps the words of the HTTP client unread: whatever
leaves this file has the token taken out, and no cause that could still show it.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from balai.channels.contract import Http, NotSent, OutcomeUnknown, Refused, RemoteError

TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
LARGEST_FILE = 20 * 1024**2  # getFile: "bots can download files of up to 20MB in size"
LONGEST_WAIT = timedelta(days=1)
HIDDEN = "***"


def open_line(server: str, token: str) -> Http:
    """A line to the Bot API server. Raises Refused for what cannot be a token."""
    if not TOKEN.fullmatch(token):
        words = "this is no token of @BotFather: digits, a colon, then letters and digits"
        raise Refused(words, permanent=True, signs_in=False)
    return Http(server)


class Bot:
    """The methods of one bot. Errors are those of `ground.http`, in words without the token."""

    def __init__(self, http: Http, token: str) -> None:
        self._http, self._token = http, token

    def look(self, method: str, **fields: Any) -> Any:
        """Ask something that changes nothing. Raises Refused or NotSent."""
        with self._in_words():
            answer = self._http.look(f"/bot{self._token}/{method}", **fields)
        if not _is_yes(answer):
            raise Refused("this address does not answer as Telegram does", permanent=True)
        return answer["result"]

    def do(
        self,
        method: str,
        fields: Mapping[str, Any],
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Any:
        """Change something, once. Raises OutcomeUnknown also for a yes without its result."""
        path = f"/bot{self._token}/{method}"
        with self._in_words():
            if files:
                answer = self._http.do(path, data=fields, files=files)
            else:
                answer = self._http.do(path, json=dict(fields))
        if not _is_yes(answer):
            raise OutcomeUnknown("Telegram answered, but not in the way that its documents promise")
        return answer["result"]

    def file(self, path: str) -> bytes:
        """The bytes of a file whose path getFile told. Raises Refused or NotSent."""
        with self._in_words(is_file=True):
            address = f"/file/bot{self._token}/{quote(path)}"
            return self._http.get(address, at_most=LARGEST_FILE).body

    @contextmanager
    def _in_words(self, *, is_file: bool = False) -> Iterator[None]:
        try:
            yield
        except Refused as no:
            raise self._no(no, is_file=is_file) from None
        except (NotSent, OutcomeUnknown) as failure:
            raise type(failure)(self._hide(failure)) from None

    def _no(self, no: Refused, *, is_file: bool) -> Refused:
        parameters = no.told.get("parameters")
        parameters = parameters if isinstance(parameters, dict) else {}
        seconds = parameters.get("retry_after")
        wait = no.wait
        if isinstance(seconds, int) and seconds >= 0:
            wait = min(timedelta(seconds=min(seconds, 86_400)), LONGEST_WAIT)
        # A token that was withdrawn is 401, one that never was is 404 like an unknown method.
        signs_in = no.signs_in and (no.status != 404 or is_file)
        return Refused(
            _in_plain_words(no.status, self._hide(no)),
            permanent=no.permanent,
            code=no.code,
            wait=wait,
            signs_in=signs_in,
            status=no.status,
            told=no.told,
        )

    def _hide(self, failure: RemoteError) -> str:
        words = str(failure)
        for shape in (self._token, quote(self._token), quote(self._token, safe="")):
            words = words.replace(shape, HIDDEN) if shape else words
        return words


def migrated_to(no: Refused) -> int | None:
    """The new number of a group that became a supergroup; None when this is another no."""
    parameters = no.told.get("parameters")
    number = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _is_yes(answer: Any) -> bool:
    return isinstance(answer, dict) and answer.get("ok") is True and "result" in answer


def _in_plain_words(status: int, words: str) -> str:
    if status == 403 and "blocked by the user" in words:
        return f"this person has blocked the bot, so no answer reaches them here ({words})"
    if status == 403 and "initiate conversation" in words:
        return f"a bot may not write to a person who has not written to it first ({words})"
    if status == 403:
        return f"the bot may not write in this chat ({words})"
    return words
