"""What real Mastodon servers (4.7.3, 4.8.0-alpha) answered to a client library that is not ours.

The source archive of Mastodon.py (MIT) holds its test recordings. They are fetched once into the
cache, by the version and hash of requirements/dev.lock, and never become part of this project.

Environment: BALAI_PEER_CACHE (default `.cache/peers`).
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import yaml

CHECKOUT = Path(__file__).parents[2]
LOCK = CHECKOUT / "requirements/dev.lock"
CURRENT = ("cassettes", "cassettes_entity_tests")
FETCH_SECONDS = 300


@dataclass(frozen=True)
class Exchange:
    """One question of the library and what the real server said."""

    cassette: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    kind: str  # content type of the question
    asked: bytes
    status: int
    headers: dict[str, str]
    answer: bytes

    def form(self) -> dict[str, str | list[str]]:
        """The fields of the question; a name with [] keeps all of its values."""
        fields: dict[str, str | list[str]] = {}
        for name, value in parse_qsl(self.asked.decode(), keep_blank_values=True):
            if name.endswith("[]"):
                fields[name] = [*fields.get(name, []), value]
            else:
                fields[name] = value
        return fields


def exchanges() -> list[Exchange]:
    """Every recorded exchange with a current server, in the order of the archive's names."""
    with tarfile.open(archive()) as packed:
        members = sorted(
            (m for m in packed.getmembers() if _folder(m.name) in CURRENT), key=lambda m: m.name
        )
        return [one for m in members for one in _read(m.name, packed.extractfile(m).read())]


def archive() -> Path:
    """The source archive, fetched when it is not there; its hash must be one of the lock's."""
    version, hashes = _locked()
    cache = Path(os.environ.get("BALAI_PEER_CACHE") or CHECKOUT / ".cache/peers") / "mastodon.py"
    cache.mkdir(parents=True, exist_ok=True)
    place = cache / f"mastodon_py-{version}.tar.gz"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            _fetch(version, cache)
    found = hashlib.sha256(place.read_bytes()).hexdigest()
    if found not in hashes:
        raise RuntimeError(f"{place} is not what {LOCK.name} names: {found}")
    return place


def _locked() -> tuple[str, list[str]]:
    entry = re.search(r"^mastodon-py==(\S+)((?:.*\\?\n\s+--hash=\S+)+)", LOCK.read_text(), re.M)
    assert entry
    return entry[1], re.findall(r"sha256:(\w+)", entry[2])


def _fetch(version: str, cache: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    words = ["pip", "download", "--no-deps", "--no-binary", ":all:", f"Mastodon.py=={version}"]
    done = subprocess.run(
        [str(uv), "tool", "run", *words, "-d", str(cache)],
        capture_output=True, text=True, timeout=FETCH_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the recordings cannot be fetched:\n{done.stderr[-2000:]}")


def _folder(name: str) -> str:
    parts = name.split("/")
    return parts[2] if len(parts) == 4 and parts[1] == "tests" and name.endswith(".yaml") else ""


def _read(name: str, text: bytes) -> Iterator[Exchange]:
    told = yaml.load(text, yaml.CSafeLoader) or {}
    for one in told.get("interactions", []):
        request, response = one["request"], one["response"]
        place = urlsplit(request["uri"])
        yield Exchange(
            cassette=name.rpartition("/")[2],
            method=request["method"],
            path=place.path,
            query=tuple(parse_qsl(place.query)),
            kind=(request["headers"].get("Content-Type") or [""])[0],
            asked=_bytes(request["body"]),
            status=response["status"]["code"],
            headers={n.lower(): v[0] for n, v in response["headers"].items()},
            answer=_bytes(response["body"].get("string")),
        )


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value or "").encode()
