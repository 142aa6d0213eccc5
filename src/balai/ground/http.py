"""How connectors speak HTTP: one client, and three honest endings.

An answer is either a yes, a no (`Refused`), or unknown (`OutcomeUnknown`): the request may have
been obeyed although we never read the answer. What never left this machine is `NotSent`.
"""

import json as json_codec
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

import httpx

from balai.ground.clock import now
from balai.ground.reach import OutOfReach, guarded_transport

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
WHOLE_ANSWER_WITHIN = 60.0  # seconds: one that drips byte by byte would hold a worker for ever
LONGEST_ANSWER = 20 * 1024 * 1024


class RemoteError(Exception):
    """The other side did not simply say yes. `str()` is fit for an officer to read."""


class Refused(RemoteError):
    """The other side said no; nothing was done there."""

    def __init__(
        self,
        words: str,
        *,
        permanent: bool,
        code: str = "",
        wait: timedelta | None = None,
        signs_in: bool = True,
        is_final: bool = False,
        status: int = 0,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(words)
        self.permanent = permanent
        self.code = code
        self.wait = wait  # how long the other side asked us to wait
        self.signs_in = signs_in  # False: our credentials were not accepted
        self.status = status  # of HTTP; 0 where the no came another way
        self.is_final = is_final  # True: asking again, ever, would be rude
        self.told = told or {}  # the whole no, where it came as a JSON object


class NotSent(RemoteError):
    """The request never left: no connection. Trying again is safe."""


class OutcomeUnknown(RemoteError):
    """The request left and no usable answer came back. It may have been obeyed."""


@dataclass(frozen=True)
class Reply:
    """An answer as it came: for what is no JSON, or says something in its headers."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class Http:
    """A connector's line to one server. `transport` is for tests and for recorded answers.

    Without one, the line leads only where `ground.reach` lets it.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        try:
            self._client = httpx.Client(
                base_url=base_url,
                headers={"User-Agent": "Balai/0.1 (+https://balai.invalid)", **(headers or {})},
                transport=transport or guarded_transport(),
                max_redirects=5,
                timeout=timeout,
                follow_redirects=False,
                trust_env=False,
            )
        except httpx.InvalidURL as failure:
            raise Refused(f"{base_url}: {failure}", permanent=True) from failure

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def look(self, path: str, **params: Any) -> Any:
        """Read something (GET). Failures are `Refused` or `NotSent`: reading changes nothing."""
        try:
            return self._ask("GET", path, params=params)
        except OutcomeUnknown as doubt:
            raise NotSent(str(doubt)) from doubt

    def get(
        self,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        at_most: int = LONGEST_ANSWER,
    ) -> Reply:
        """Read something that is no JSON, following redirects: a yes, or 304 (not modified).

        `path` may be a whole address; `at_most` is a number of bytes. Raises Refused or NotSent.
        """
        try:
            answer, body = self._exchange(
                "GET", path, at_most, headers=headers, follow_redirects=True
            )
            if answer.status_code != 304 and not answer.is_success:
                raise _no(answer, body)
        except OutcomeUnknown as doubt:
            raise NotSent(str(doubt)) from doubt
        said = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, said, body)

    def do(
        self,
        path: str,
        *,
        method: str = "POST",
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Any:
        """Change something there, once; this method never repeats a request by itself.

        `files` are parts of a form with the name, the bytes and the type of each.
        """
        return self._ask(
            method,
            path,
            json=json,
            content=content,
            headers=headers,
            params=params,
            data=data,
            files=files,
        )

    def send(self, path: str, *, content: bytes, headers: Mapping[str, str] | None = None) -> Reply:
        """Change something there (POST), once, where the yes is no JSON: it is given as it came.

        `path` may be a whole address. Raises Refused, NotSent or OutcomeUnknown.
        """
        answer, body = self._exchange(
            "POST", path, LONGEST_ANSWER, content=content, headers=headers
        )
        if not answer.is_success:
            raise _no(answer, body)
        said = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, said, body)

    def _ask(self, method: str, path: str, **request: Any) -> Any:
        return _judge(*self._exchange(method, path, LONGEST_ANSWER, **request))

    def _exchange(
        self, method: str, path: str, at_most: int, **request: Any
    ) -> tuple[httpx.Response, bytes]:
        request = {name: value for name, value in request.items() if value is not None}
        try:
            with self._client.stream(method, path, **request) as answer:
                return answer, _read(answer, at_most)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as failure:
            raise NotSent(
                f"{self._client.base_url.host}: {failure or 'no connection'}"
            ) from failure
        except OutOfReach as wall:
            raise Refused(str(wall), permanent=True, code="OutOfReach") from wall
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as failure:
            raise Refused(f"{path}: {failure}", permanent=True) from failure
        except httpx.HTTPError as failure:
            raise OutcomeUnknown(
                f"{self._client.base_url.host}: {type(failure).__name__} {failure}"
            ) from failure


def _read(answer: httpx.Response, at_most: int) -> bytes:
    body, began = bytearray(), monotonic()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > at_most:
            raise httpx.ReadError(f"the answer is larger than {at_most // 1024**2} MB")
        if monotonic() - began > WHOLE_ANSWER_WITHIN:
            raise httpx.ReadTimeout("the answer did not end")
    return bytes(body)


def _judge(answer: httpx.Response, body: bytes) -> Any:
    status = answer.status_code
    if 200 <= status < 300:
        if not body:
            return {}
        try:
            return json_codec.loads(body)
        except (ValueError, RecursionError) as failure:
            # A yes that we cannot read: it may carry the only id of what was done.
            raise OutcomeUnknown(
                f"{answer.url.host} answered {status} with no readable JSON"
            ) from failure
    raise _no(answer, body)


def _no(answer: httpx.Response, body: bytes) -> RemoteError:
    """What an answer that is no yes means."""
    status = answer.status_code
    told = _object(body)
    code, words = _their_words(told, body)
    said = f"{answer.url.host} answered {status}" + (f": {words}" if words else "")
    if status in (429, 503):
        wait = _wait(answer)
        return Refused(
            said, permanent=False, code=code or str(status), wait=wait, status=status, told=told
        )
    if status >= 500:
        return OutcomeUnknown(said)
    signs_in = status != 401
    return Refused(
        said,
        permanent=True,
        code=code or str(status),
        signs_in=signs_in,
        status=status,
        told=told,
    )


def _object(body: bytes) -> dict[str, Any] | None:
    """The JSON object of an answer; empty for other JSON, None for what is no JSON."""
    try:
        said = json_codec.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else {}


def _their_words(said: dict[str, Any] | None, body: bytes) -> tuple[str, str]:
    """The network's own error code and sentence, where its JSON has the usual fields."""
    if said is None:
        return "", body[:200].decode("utf-8", "replace").strip()
    code = said.get("error")
    words = said.get("message") or said.get("error_description") or said.get("description") or code
    return (code if isinstance(code, str) else ""), str(words or "")[:500]


def _wait(answer: httpx.Response) -> timedelta | None:
    asked = answer.headers.get("retry-after", "")
    if asked.isdigit():
        return timedelta(seconds=min(int(asked), 86_400))
    if asked:
        try:
            return max(parsedate_to_datetime(asked) - now(), timedelta())
        except (TypeError, ValueError):
            return None
    reset = answer.headers.get("ratelimit-reset") or answer.headers.get("x-ratelimit-reset") or ""
    if reset.isdigit():  # Bluesky and others: the second of the epoch at which the window opens
        return timedelta(seconds=min(max(int(reset) - int(now().timestamp()), 1), 86_400))
    try:  # Mastodon: the same moment as ISO 8601
        opens = datetime.fromisoformat(reset)
        return min(max(opens - now(), timedelta(seconds=1)), timedelta(days=1))
    except (ValueError, TypeError):
        return None
