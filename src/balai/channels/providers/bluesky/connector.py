"""Bluesky and the servers that speak the AT Protocol: https://docs.bsky.app/docs/category/http-reference"""

from collections.abc import Mapping
from datetime import UTC, datetime
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
    Picture,
    Receipt,
    Refused,
    RemoteError,
)
from balai.channels.providers.bluesky import graphemes, inward, pictures, reading, records, richtext
from balai.channels.providers.bluesky.session import SHELF, Session, Shelf

SERVICE = "https://bsky.social"
ADVICE = "This is the account's own password. Make an app password and use that instead."


class Bluesky(Connector):
    """One account. It signs in with an app password and never with the account's own."""

    slug = "bluesky"
    label = "Bluesky"
    can = Can.PUBLISH | Can.REPLY | Can.RETRACT | Can.FETCH | Can.PROBE | Can.PICTURES | Can.CHECK
    limits = Limits(
        text=300,
        counted_in="graphemes",
        text_bytes=3000,
        pictures=4,
        picture_bytes=2_000_000,
        alt_text=2000,
        per_day=11_666,  # 35,000 points a day, three for each record
    )
    asks = (
        Ask("service", "Server", default=SERVICE, help="The server of the account"),
        Ask("handle", "Handle", help="For example kota.bsky.social or kota.go.id"),
        Ask("app_password", "App password", secret=True, help="Settings, Privacy and security"),
    )
    redact = ("app_password", "password", "accessJwt", "refreshJwt")
    page_size = 100  # notifications in one question; the network allows no more
    pages = 5  # questions in one look

    def __init__(self, settings: Mapping[str, str], *, http: Http | None = None) -> None:
        super().__init__(settings, http=http)
        self._session: Session | None = None
        self._shelf: Shelf = SHELF if http is None else {}  # a test's own line stands alone

    @property
    def service(self) -> str:
        """The account's server, which passes on what the AppView must answer."""
        return (self.settings.get("service") or SERVICE).strip().rstrip("/")

    def open_line(self) -> Http:
        """A line to the account's server."""
        return Http(self.service)

    @property
    def session(self) -> Session:
        """Who we are there."""
        if self._session is None:
            handle = self.settings.get("handle", "").strip().removeprefix("@")
            password = self.settings.get("app_password", "").strip()
            self._session = Session(self.http, self.service, handle, password, self._shelf)
        return self._session

    # Outward

    def length(self, text: str) -> int:
        """In graphemes."""
        return graphemes.count(text)

    def choose_id(self, key: str, at: datetime) -> str:
        """The record key, so that a second attempt asks for the same place."""
        return records.record_key(key, at)

    def publish(self, post: Outgoing) -> Receipt:
        """Write the record where nothing may be yet (`swapRecord: null`).

        The server answers a repeated publish with the same address and hash, and refuses to write
        over anything else; both seen on the reference server. `createRecord` answers a taken key
        with 500, from which nobody can tell what happened.
        """
        at, key = self._place(post)
        images = [self._upload(picture) for picture in self._described(post.pictures)]
        facets = richtext.facets(post.text, self.session.did_of)
        asked = {
            "repo": self.session.did,
            "collection": records.COLLECTION,
            "rkey": key,
            "record": records.post_record(post, at=at, facets=facets, images=images),
            "swapRecord": None,
        }
        try:
            answer = self.session.do("com.atproto.repo.putRecord", json=asked)
        except Refused as no:
            if no.code != "InvalidSwap":
                raise
            return self._already_there(post, no)
        return self._proof(answer, post)

    def probe(self, post: Outgoing) -> Receipt | None:
        """Look into our own repository, at the record key that was chosen before sending."""
        at, key = self._place(post)
        place = {"repo": self.session.did, "collection": records.COLLECTION, "rkey": key}
        try:
            found = self.session.look("com.atproto.repo.getRecord", **place)
        except Refused as no:
            if no.code == "RecordNotFound":
                return None
            raise OutcomeUnknown(str(no)) from no
        except NotSent as failure:
            raise OutcomeUnknown(str(failure)) from failure
        if not isinstance(found, dict) or not records.is_ours(found.get("value"), post.text, at):
            raise OutcomeUnknown("another text stands under the key of this post")
        return self._proof(found, post)

    def retract(self, receipt: Receipt) -> None:
        """Delete the record; the network answers yes also when it is gone already."""
        repo, _, key = receipt.remote_id.removeprefix("at://").partition(f"/{records.COLLECTION}/")
        if repo != self.session.did or not key:
            raise Refused("this post is not in our own account", permanent=True)
        place = {"repo": repo, "collection": records.COLLECTION, "rkey": key}
        self.session.do("com.atproto.repo.deleteRecord", json=place)

    def _place(self, post: Outgoing) -> tuple[datetime, str]:
        """When it was written and where it stands: each can be told from the other."""
        at = post.at or (records.moment_of(post.chosen) if post.chosen else datetime.now(UTC))
        return at, post.chosen or self.choose_id(post.key, at)

    def _described(self, shown: tuple[Picture, ...]) -> tuple[Picture, ...]:
        if not all(picture.alt.strip() for picture in shown):
            raise Refused(
                "every picture needs a description", permanent=True, code="AltTextMissing"
            )
        return shown

    def _upload(self, picture: Picture) -> dict[str, Any]:
        """A blob that no record names is forgotten by the server, so every failure is harmless."""
        try:
            answer = self.session.do(
                "com.atproto.repo.uploadBlob", content=picture.body, mime=picture.mime
            )
        except OutcomeUnknown as doubt:
            raise NotSent(str(doubt)) from doubt
        blob = answer.get("blob") if isinstance(answer, dict) else None
        if not isinstance(blob, dict):
            raise NotSent("the server took a picture and gave no address for it")
        image: dict[str, Any] = {"image": blob, "alt": picture.alt}
        if size := pictures.shape(picture.body):
            image["aspectRatio"] = {"width": size[0], "height": size[1]}
        return image

    def _already_there(self, post: Outgoing, no: Refused) -> Receipt:
        try:
            found = self.probe(post)
        except RemoteError as failure:
            raise Refused(f"{no} ({failure})", permanent=True, code=no.code) from no
        if found is None:  # deleted between the two questions
            raise Refused(str(no), permanent=False, code=no.code) from no
        return found

    def _proof(self, answer: Any, post: Outgoing) -> Receipt:
        uri, cid = (answer.get("uri"), answer.get("cid")) if isinstance(answer, dict) else ("", "")
        if not isinstance(uri, str) or not isinstance(cid, str) or not uri or not cid:
            raise OutcomeUnknown("the server said yes and gave no address")
        return records.receipt(uri, cid, post.reply_to)

    # Inward

    def fetch(self, cursor: str) -> Fetched:
        """Mentions, answers and quotes. Reading marks nothing as seen in the account's own app."""
        return inward.fetch(self.session, cursor, page_size=self.page_size, pages=self.pages)

    def parse(self, parcel: bytes) -> list[Answered]:
        """Read one parcel of `fetch`."""
        return reading.read(parcel)

    # Care

    def check(self) -> Health:
        """Sign in anew and say as whom, and whether the password is the right kind."""
        self.session.sign_in()
        words = "" if self.session.has_app_password else ADVICE
        return Health(
            platform_user_id=self.session.did,
            handle=self.session.tokens.handle,
            url=f"https://bsky.app/profile/{self.session.did}",
            words=words,
        )
