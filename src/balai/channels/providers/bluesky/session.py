"""Who we are on one server of the AT Protocol, and the tokens that say so. They stay in memory.

Sign-in is `com.atproto.server.createSession` alone: it asks nothing of the AppView, which may not
know a young account yet.
"""

import base64
import hashlib
import json as json_codec
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from balai.channels.contract import Http, NotSent, OutcomeUnknown, Refused

# The server's words for "this access token is of no use any more"; nothing was done.
STALE = {"ExpiredToken", "InvalidToken"}


@dataclass(frozen=True)
class Tokens:
    """What a sign-in brought."""

    access: str
    refresh: str
    did: str
    handle: str


Shelf = MutableMapping[str, Tokens]

# Shared by the connectors of this process: the network takes 300 sign-ins a day from one account,
# and a connector is made anew for every look. Never written down.
SHELF: Shelf = {}


class Session:
    """One account on one server. Signs in on first use, renews an expired token once per call."""

    def __init__(self, http: Http, server: str, handle: str, password: str, shelf: Shelf) -> None:
        self._http = http
        self._identifier = handle
        self._password = password
        self._shelf = shelf
        self._place = hashlib.sha256("\n".join((server, handle, password)).encode()).hexdigest()

    @property
    def tokens(self) -> Tokens:
        """The tokens of this account. Signs in when that has not happened yet."""
        return self._shelf.get(self._place) or self.sign_in()

    @property
    def did(self) -> str:
        """The account's id for ever."""
        return self.tokens.did

    @property
    def has_app_password(self) -> bool:
        """Whether the token has the lesser rights of an app password; False when it is silent."""
        try:
            claims = self.tokens.access.split(".")[1]
            scope = json_codec.loads(base64.urlsafe_b64decode(claims + "=="))["scope"]
        except (IndexError, KeyError, TypeError, ValueError):
            return False
        return str(scope).startswith("com.atproto.appPass")

    def sign_in(self) -> Tokens:
        """Exchange the app password for tokens.

        Raises Refused(signs_in=False) when the server does not accept it, NotSent when it could
        not be asked: signing in changes nothing, so trying again is always safe.
        """
        self._shelf.pop(self._place, None)
        asked = {"identifier": self._identifier, "password": self._password}
        try:
            answer = self._http.do("/xrpc/com.atproto.server.createSession", json=asked)
        except OutcomeUnknown as doubt:
            raise NotSent(str(doubt)) from doubt
        except Refused as no:
            if not no.permanent:
                raise
            raise Refused(str(no), permanent=True, code=no.code, signs_in=False) from no
        return self._take(answer)

    def look(self, method: str, **params: Any) -> Any:
        """Read something; failures are Refused or NotSent."""
        try:
            return self._get(method, params)
        except OutcomeUnknown as doubt:
            raise NotSent(str(doubt)) from doubt

    def do(
        self, method: str, *, json: Any = None, content: bytes | None = None, mime: str = ""
    ) -> Any:
        """Change something, once."""
        extra = {"Content-Type": mime} if mime else {}
        return self._authorised(
            lambda headers: self._http.do(
                f"/xrpc/{method}", json=json, content=content, headers={**headers, **extra}
            )
        )

    def did_of(self, handle: str) -> str:
        """The DID of a handle; empty when nobody has it, for then it is ordinary text."""
        try:
            answer = self._get("com.atproto.identity.resolveHandle", {"handle": handle})
        except OutcomeUnknown:  # some servers answer 500 to a name that no handle can have
            return ""
        except Refused as no:
            if not no.permanent or not no.signs_in:
                raise
            return ""
        did = answer.get("did") if isinstance(answer, dict) else None
        return did if isinstance(did, str) else ""

    def _get(self, method: str, params: Mapping[str, Any]) -> Any:
        return self._authorised(
            lambda headers: self._http.do(
                f"/xrpc/{method}", method="GET", params=params, headers=headers
            )
        )

    def _authorised(self, ask: Callable[[Mapping[str, str]], Any]) -> Any:
        try:
            return ask(self._headers(self.tokens.access))
        except Refused as no:
            if no.code not in STALE:
                raise
        # A stale token is a plain no, so asking again cannot double anything.
        self._renew()
        return ask(self._headers(self.tokens.access))

    def _renew(self) -> None:
        headers = self._headers(self.tokens.refresh)
        try:
            answer = self._http.do("/xrpc/com.atproto.server.refreshSession", headers=headers)
        except OutcomeUnknown as doubt:
            raise NotSent(str(doubt)) from doubt
        except Refused as no:
            if not no.permanent:
                raise
            self.sign_in()  # the refresh token ends after weeks, or with the app password
        else:
            self._take(answer)

    def _take(self, answer: Any) -> Tokens:
        fields = ("accessJwt", "refreshJwt", "did", "handle")
        if not isinstance(answer, dict) or not all(isinstance(answer.get(f), str) for f in fields):
            raise NotSent("the server's answer to our sign-in has no tokens")
        if answer.get("active") is False:
            state = answer.get("status") or "not active"
            raise Refused(f"the account is {state}", permanent=True, code="AccountInactive")
        tokens = Tokens(*(answer[field] for field in fields))
        self._shelf[self._place] = tokens
        return tokens

    @staticmethod
    def _headers(token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}
