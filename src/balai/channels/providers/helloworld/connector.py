"""A whole channel in one page: it posts into a file. For demos, drills and benches; copy it."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

from balai.channels.contract import (
    Answered,
    Ask,
    Can,
    Connector,
    Fetched,
    Health,
    Incoming,
    Limits,
    Outgoing,
    Receipt,
    Refused,
    Unreadable,
)


class HelloWorld(Connector):
    """Two files in a folder: citizens write into `in.jsonl`, our messages go to `out.jsonl`."""

    slug = "helloworld"
    label = "Hello World"
    can = Can.PUBLISH | Can.REPLY | Can.RETRACT | Can.FETCH | Can.PROBE | Can.CHECK
    limits = Limits(text=500)
    asks = (Ask("folder", "Folder"),)

    @property
    def folder(self) -> Path:
        return Path(self.settings["folder"])

    def choose_id(self, key: str, at: datetime) -> str:
        return hashlib.sha256(key.encode()).hexdigest()[:16]

    def publish(self, post: Outgoing) -> Receipt:
        if self.length(post.text) > self.limits.text:
            raise Refused(f"longer than {self.limits.text} characters", permanent=True)
        proof = self.probe(post)
        if proof is None:
            line = {"id": post.chosen, "text": post.text, "reply_to": post.reply_to}
            with (self.folder / "out.jsonl").open("a", encoding="utf-8") as out:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
        return proof or self._receipt(post.chosen)

    def probe(self, post: Outgoing) -> Receipt | None:
        for line in self._lines("out.jsonl"):
            if json.loads(line).get("id") == post.chosen:
                return self._receipt(post.chosen)
        return None

    def retract(self, receipt: Receipt) -> None:
        kept = [line for line in self._lines("out.jsonl") if receipt.remote_id not in line]
        (self.folder / "out.jsonl").write_text("".join(f"{line}\n" for line in kept))

    def fetch(self, cursor: str) -> Fetched:
        seen = int(cursor or 0)
        lines = self._lines("in.jsonl")
        new = tuple(line.encode() for line in lines[seen : seen + 100])
        return Fetched(new, str(seen + len(new)), more=seen + len(new) < len(lines))

    def parse(self, parcel: bytes) -> list[Answered]:
        try:
            said = json.loads(parcel)
            return [
                Incoming(
                    remote_id=str(said["id"]),
                    thread_id=str(said.get("thread") or said["id"]),
                    author_id=str(said["author"]),
                    author_name=str(said["author"]),
                    text=str(said["text"]),
                    sent_at=datetime.fromisoformat(said["at"]).astimezone(),
                    handle={"id": str(said["id"])},
                )
            ]
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as failure:
            raise Unreadable(f"not a line of helloworld: {failure!r}") from failure

    def check(self) -> Health:
        if not self.folder.is_dir():
            raise Refused(f"the folder {self.folder} does not exist", permanent=True)
        return Health(platform_user_id=str(self.folder), handle=self.folder.name)

    def _lines(self, name: str) -> list[str]:
        file = self.folder / name
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def _receipt(self, remote_id: str) -> Receipt:
        return Receipt(remote_id, handle={"id": remote_id})
