"""Mastodon and the servers that speak its interface: https://docs.joinmastodon.org/methods/"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from balai.channels.contract import (
    Answered,
    Ask,
    Can,
    Connector,
    Fetched,
    Health,
    Http,
    Limits,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Pending,
    Picture,
    Receipt,
    Refused,
)
from balai.channels.payload import clean, objects
from balai.channels.providers.mastodon import inward, outward, reading, server, words

# The network forgets an Idempotency-Key after an hour (Mastodon, PostStatusService: 3,600 s).
KEY_KEPT_FOR = timedelta(minutes=55)
# A request whose answer never came may still be at work over there.
SETTLED_AFTER = timedelta(minutes=1)
CLOCKS_DIFFER_BY = timedelta(minutes=10)
LOOK_THROUGH = 5  # pages of our own statuses, forty each
MEDIA_AGAIN_IN = timedelta(seconds=10)


class Mastodon(Connector):
    """One account. It signs in with a token that its owner made, and never with a password."""

    slug = "mastodon"
    label = "Mastodon"
    can = (
        Can.PUBLISH | Can.REPLY | Can.RETRACT | Can.EDIT | Can.FETCH | Can.PROBE
        | Can.FOLLOW_UP | Can.PICTURES | Can.CHECK
    )  # fmt: skip
    limits = server.LIMITS
    asks = (
        Ask("server", "Server", help="For example mastodon.social or sosial.kota.go.id"),
        Ask(
            "access_token",
            "Access token",
            secret=True,
            help="Preferences, Development, New application",
        ),
    )
    redact = ("access_token", "client_secret")

    @property
    def server(self) -> str:
        """The address of the account's server."""
        typed = self.settings.get("server", "").strip().rstrip("/")
        return typed if typed.startswith(("https://", "http://")) else f"https://{typed}"

    def open_line(self) -> Http:
        """A line to the account's server, signed in."""
        token = self.settings.get("access_token", "").strip()
        return Http(self.server, headers={"Authorization": f"Bearer {token}"})

    # Outward

    def limits_here(self) -> Limits:
        """What this server accepts, learnt when the line was checked."""
        return server.limits_of(self.settings)

    def length(self, text: str) -> int:
        """In characters; links and people's addresses as the server counts them."""
        return words.length(text, server.per_url(self.settings))

    def publish(self, post: Outgoing) -> Receipt | Pending:
        """Ask for the status, under a key that makes a second request the same one."""
        draft = self._draft(post)
        media = [self._upload(picture) for picture in self._described(post.pictures)]
        numbers = [clean(one.get("id")) for one in media]
        if not all(one.get("url") for one in media):
            return Pending({"media": numbers}, MEDIA_AGAIN_IN)
        return self._ask_for(draft, post, tuple(numbers))

    def follow_up(self, post: Outgoing, handle: Mapping[str, Any]) -> Receipt | Pending:
        """Ask for the status when the server has finished with its pictures, if it is not there."""
        if found := self._find(post):
            return found
        told = handle.get("media")
        numbers = [clean(one) for one in told] if isinstance(told, list) else []
        for number in numbers:
            media = self.http.look(f"/api/v1/media/{number}")
            if not isinstance(media, dict) or not media.get("url"):
                return Pending(handle, MEDIA_AGAIN_IN)
        return self._ask_for(self._draft(post), post, tuple(numbers))

    def probe(self, post: Outgoing) -> Receipt | None:
        """Look through our own statuses.

        Absence is told only while the network still knows the key of the last attempt, so that the
        attempt which then follows cannot double it; later, a person must look.
        """
        if found := self._find(post):
            return found
        since = datetime.now(UTC) - post.tried_at if post.tried_at else None
        if since is not None and since < SETTLED_AFTER:
            raise OutcomeUnknown("it is not there, but the request may still be at work")
        if since is not None and since > KEY_KEPT_FOR:
            raise OutcomeUnknown("it is not there, and the network has forgotten our attempt")
        return None

    def edit(self, receipt: Receipt, post: Outgoing) -> Receipt:
        """Change it; the network keeps every version. The pictures are those of `post`."""
        handle = {**receipt.handle, "id": receipt.remote_id}
        draft = self._draft(post, handle)
        media = [self._upload(picture) for picture in self._described(post.pictures)]
        if not all(one.get("url") for one in media):
            raise NotSent("the server is still at work on a picture")
        form = draft.form(tuple(clean(one.get("id")) for one in media))
        kept = {n: v for n, v in form.items() if n not in ("visibility", "in_reply_to_id")}
        answer = self.http.do(f"/api/v1/statuses/{receipt.remote_id}", method="PUT", data=kept)
        return outward.proof(answer, clean(handle.get("acct")))

    def retract(self, receipt: Receipt) -> None:
        """Delete it; one that is gone already is no error."""
        try:
            self.http.do(f"/api/v1/statuses/{receipt.remote_id}", method="DELETE")
        except Refused as no:
            if no.status not in (404, 410):
                raise

    def _draft(self, post: Outgoing, handle: Mapping[str, Any] | None = None) -> outward.Draft:
        room, per_url = server.most_characters(self.settings), server.per_url(self.settings)
        return outward.draft(post, room, per_url, handle)

    def _ask_for(self, draft: outward.Draft, post: Outgoing, media: tuple[str, ...]) -> Receipt:
        answer = self.http.do(
            "/api/v1/statuses",
            data=draft.form(media),
            headers={"Idempotency-Key": outward.idempotency_key(post)},
        )
        return outward.proof(answer, clean((post.reply_to or {}).get("acct")))

    def _described(self, shown: tuple[Picture, ...]) -> tuple[Picture, ...]:
        if not all(picture.alt.strip() for picture in shown):
            raise Refused(
                "every picture needs a description", permanent=True, code="AltTextMissing"
            )
        return shown

    def _upload(self, picture: Picture) -> dict[str, Any]:
        """A file that no status names is forgotten by the server, so every failure is harmless."""
        name = f"gambar.{picture.mime.rpartition('/')[2]}"
        files = {"file": (name, picture.body, picture.mime)}
        data = {"description": picture.alt}
        try:
            try:
                media = self.http.do("/api/v2/media", data=data, files=files)
            except Refused as no:
                if no.status != 404:
                    raise
                media = self.http.do("/api/v1/media", data=data, files=files)  # before 3.1.3
        except OutcomeUnknown as doubt:
            raise NotSent(str(doubt)) from doubt
        if not isinstance(media, dict) or not clean(media.get("id")):
            raise NotSent("the server took a picture and gave no number for it")
        return media

    def _find(self, post: Outgoing) -> Receipt | None:
        """Our status among our own. Raises OutcomeUnknown when it may be one, or was not asked."""
        draft, acct = self._draft(post), clean((post.reply_to or {}).get("acct"))
        similar = False
        for status in self._own_statuses((post.at or datetime.now(UTC)) - CLOCKS_DIFFER_BY):
            if draft.is_in(status):
                return outward.proof(status, acct)
            similar = similar or (bool(draft.answers) and draft.is_beside(status))
        if similar:
            raise OutcomeUnknown("another text of ours answers the same message")
        return None

    def _own_statuses(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Newest first, down to this moment."""
        asked: dict[str, Any] = {"limit": 40}
        told: set[str] = set()
        for _ in range(LOOK_THROUGH):
            try:
                page = self.http.look(f"/api/v1/accounts/{self._account}/statuses", **asked)
            except (Refused, NotSent) as failure:
                raise OutcomeUnknown(str(failure)) from failure
            if not isinstance(page, list):
                raise OutcomeUnknown("the list of our statuses is not what the documents promise")
            found = [one for one in objects(page) if clean(one.get("id")) not in told]
            told |= {clean(one.get("id")) for one in found}
            for status in found:
                at = outward.when(status.get("created_at"))
                if at is not None and at < since:
                    return
                yield status
            if not found:
                return
            asked["max_id"] = clean(found[-1].get("id"))
        raise OutcomeUnknown("too many statuses have been written since")

    # Inward

    def fetch(self, cursor: str) -> Fetched:
        """Mentions, answers, direct messages and quotes. Nothing is marked as read."""
        host = server.host_of(self.server)
        return inward.fetch(self.http, cursor, host=host, me=self._account)

    def parse(self, parcel: bytes) -> list[Answered]:
        """Read one parcel of `fetch`."""
        return reading.read(parcel)

    # Care

    def check(self) -> Health:
        """Say as whom the token signs in, and what the server accepts."""
        return server.identify(self.http, server.host_of(self.server))

    @cached_property
    def _account(self) -> str:
        """Our own number there."""
        return self.settings.get("account_id") or self.check().platform_user_id
