"""Record the fixtures of the Bluesky connector anew: `python -m tests.peers.bluesky_record`.

Answers come from the reference network on this machine, so no person is in them. Tokens, mail
addresses and local ports are taken out.
"""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from balai.channels.contract import Http, Outgoing, Refused
from balai.channels.providers.bluesky import connector as provider
from tests.peers.bluesky import BlueskyNetwork
from tests.peers.waiting import wait_until

FOLDER = Path(provider.__file__).parent / "fixtures"
SECRET = re.compile(r"ey[\w-]+\.[\w-]+\.[\w-]+")
LOCAL = re.compile(r"http://localhost:\d+")


class Tape(httpx.HTTPTransport):
    """Passes every request on and keeps the answers by the method's name."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, dict[str, Any]] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Remember the last answer of each method."""
        answer = super().handle_request(request)
        body = answer.read()
        kept = {"status": answer.status_code, "body": json.loads(body) if body else {}}
        self.answers[request.url.path.rpartition(".")[2]] = kept
        return httpx.Response(answer.status_code, content=body)


def save(name: str, said: Any) -> None:
    """Write one fixture, scrubbed."""
    text = json.dumps(said, indent=2, sort_keys=True, ensure_ascii=False)
    text = LOCAL.sub("https://cdn.example", SECRET.sub("scrubbed", text))
    (FOLDER / f"{name}.json").write_text(text + "\n")


def main() -> None:
    """Play one short day and write down what the network said."""
    FOLDER.mkdir(exist_ok=True)
    with BlueskyNetwork() as network:
        account = network.create_account("kota.test")
        network.create_account("warga.test")
        citizen = network.client("warga.test")
        tape = Tape()
        office = provider.Bluesky(
            {"handle": account.handle, "app_password": account.app_password},
            http=Http(network.pds, transport=tape),
        )
        at = datetime.now(UTC)
        post = Outgoing(key="recorded", text="Posko banjir buka di lapor.go.id/posko", at=at)
        receipt = office.publish(post)
        session = tape.answers["createSession"]
        session["body"] = {
            name: session["body"][name]
            for name in ("accessJwt", "refreshJwt", "did", "handle", "active")
        }
        save("session", session)
        save("published", tape.answers["putRecord"])
        office.probe(post)
        save("found", tape.answers["getRecord"])
        for name, told in (
            ("refused_other_text", Outgoing(key="recorded", text="Lain", at=at)),
            ("refused_too_long", Outgoing(key="long", text="a" * 301, at=at)),
        ):
            try:
                office.publish(told)
            except Refused:
                save(name, tape.answers["putRecord"])
        office.probe(Outgoing(key="nothing", text="", at=at))
        save("not_found", tape.answers["getRecord"])

        ours = {"uri": receipt.remote_id, "cid": receipt.handle["cid"]}
        mention = {"$type": "app.bsky.richtext.facet#mention", "did": account.did}
        link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://berita.test/banjir/2026"}
        text = "@kota.test benar? berita.test/ban..."
        facets = [
            {"index": {"byteStart": 0, "byteEnd": 10}, "features": [mention]},
            {"index": {"byteStart": 18, "byteEnd": len(text)}, "features": [link]},
        ]
        citizen.send_post(text, facets=facets, langs=["id"])
        citizen.send_post("Buka sampai jam berapa?", reply_to={"root": ours, "parent": ours})
        quote = {"$type": "app.bsky.embed.record", "record": ours}
        citizen.send_post("Info penting", embed=quote)
        parcels = wait_until(
            lambda: found if len(found := office.fetch("").parcels) == 3 else (), 60
        )
        for parcel in parcels:
            said = json.loads(parcel)
            save(said["notification"]["reason"], said)
        save("notifications", tape.answers["listNotifications"])
        save("posts", tape.answers["getPosts"])
        office.close()


if __name__ == "__main__":
    sys.exit(main())
