"""What people write when they mean an account: an address, a handle, an id. No database, no Django.

Only ways of writing are made equal (case, the leading sign, www, a trailing slash). Letters that
merely look alike stay different: that is how false accounts are made.
"""

import unicodedata
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

LONGEST = 500  # characters of an address that anybody would paste
_EDGES = " \t\r\n\f\v\u200b\u200c\u200d\u200e\u200f\u2060\ufeff<>\"'()[]"

# Where the accounts of a network live; hosts without www. and m.
HOSTS = {
    "x.com": "x",
    "twitter.com": "x",
    "instagram.com": "instagram",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "fb.me": "facebook",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "threads.net": "threads",
    "threads.com": "threads",
    "t.me": "telegram",
    "telegram.me": "telegram",
    "wa.me": "whatsapp",
    "line.me": "line",
    "linkedin.com": "linkedin",
    "bsky.app": "bluesky",
}
# Parts of a path that stand before the name.
_BEFORE = frozenset(
    (
        "profile",
        "company",
        "in",
        "c",
        "user",
        "users",
        "channel",
        "s",
        "r",
        "ti",
        "p",
        "people",
        "pages",
        "school",
    )
)


class Named(NamedTuple):
    """An account as somebody named it. Empty: not said. `user_id` is the immutable one."""

    channel: str
    handle: str
    user_id: str = ""


def named(text: str, channel: str = "") -> Named:
    """Read an address, a handle or an id; `channel` where it was said besides."""
    text = unicodedata.normalize("NFC", text)[:LONGEST].strip(_EDGES)
    if text.casefold().startswith("mailto:"):
        return Named("email", plain(text[7:].split("?")[0]))
    if text.startswith("did:"):
        return Named(channel or "bluesky", "", text)
    if "://" in text or _is_address(text):
        return _of_address(text if "://" in text else f"https://{text}", channel)
    return Named(channel, plain(text))


def of_record(channel: str, handle: str, url: str) -> frozenset[str]:
    """Every way in which a registered account may be named on its network, made equal."""
    ways = {named(handle, channel).handle}
    if url:
        by_address = _of_address(url, channel)
        is_there = HOSTS.get(_host(urlsplit(url).hostname or "")) == channel
        if by_address.handle and (is_there or channel in ("mastodon", "website")):
            ways.add(by_address.handle)
    return frozenset(ways - {""})


def plain(handle: str) -> str:
    """A handle as it is compared: without the leading sign, in small letters."""
    return handle.strip(_EDGES).lstrip("@").rstrip("/").casefold()


def _is_address(text: str) -> bool:
    """Whether a text is an address though it has no scheme: "x.com/kota", "www.kota.go.id"."""
    host, slash, _path = text.partition("/")
    return _host(host) in HOSTS or (bool(slash) and "." in host) or host.startswith("www.")


def _of_address(address: str, channel: str) -> Named:
    try:
        parts = urlsplit(address)
        host = _host(parts.hostname or "")
    except ValueError:
        return Named(channel, plain(address))
    network = HOSTS.get(host, "")
    path = [unquote(piece) for piece in parts.path.split("/") if piece]
    if network == "facebook" and path[:1] == ["profile.php"]:
        return Named(network, "", (parse_qs(parts.query).get("id") or [""])[0])
    if network == "youtube" and path[:1] == ["channel"] and len(path) > 1:
        return Named(network, "", path[1])
    name = next((piece for piece in path if piece.casefold() not in _BEFORE), "")
    if network:
        if name.startswith("did:"):
            return Named(network, "", name)
        return Named(network, plain(name))
    if name.startswith("@") or path[:1] == ["users"]:  # a server of the fediverse
        user = plain(name)
        return Named(channel or "mastodon", user if "@" in user else f"{user}@{host}")
    return Named(channel or "website", host)


def _host(host: str) -> str:
    host = host.casefold().rstrip(".")
    for prefix in ("www.", "m.", "mobile.", "web."):
        host = host.removeprefix(prefix)
    return host
