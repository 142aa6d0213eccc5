"""Links, mentions and hashtags: spans of a post's text, counted in bytes of UTF-8.

Outward: what the officer typed becomes a facet, so that readers can press it. Inward: a link whose
text was shortened or replaced is written out, so that nobody triages "lapor.go.id/berita/3..."
"""

import re
from collections.abc import Callable
from typing import Any

LINK = "app.bsky.richtext.facet#link"
MENTION = "app.bsky.richtext.facet#mention"
TAG = "app.bsky.richtext.facet#tag"

# Addresses with a scheme, and bare Indonesian ones (lapor.go.id/x), which people here type so.
ADDRESS = re.compile(
    r"(?<![\w@.:/-])(?:https?://[^\s<>\"]+|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+id(?![\w.-]*[\w-])"
    r"(?:/[^\s<>\"]*)?)",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?<![\w@./])@((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*)", re.I)
HASHTAG = re.compile(r"(?<![\w&#/])[#\uff03]([^\s\u00ad\u2060\u200b-\u200d\u20e2#\uff03]+)")
CLOSING = ".,;:!?\u2026'\"\u201d\u2019"
LONGEST_TAG = 64


def facets(text: str, resolve: Callable[[str], str]) -> list[dict[str, Any]]:
    """The facets of `text`, in order, never overlapping.

    `resolve` gives the DID of a handle, or "" when there is no such account: then it stays text.
    """
    spans: list[tuple[int, int, dict[str, Any]]] = []
    for found in ADDRESS.finditer(text):
        shown = _trim(found.group())
        uri = shown if shown.lower().startswith("http") else f"https://{shown}"
        spans.append((found.start(), found.start() + len(shown), {"$type": LINK, "uri": uri}))
    for found in HANDLE.finditer(text):
        if not _taken(spans, found.start()) and (did := resolve(found[1].lower())):
            spans.append((found.start(), found.end(), {"$type": MENTION, "did": did}))
    for found in HASHTAG.finditer(text):
        tag = found[1].rstrip(CLOSING + ")]}")
        start, end = found.start(), found.start() + 1 + len(tag)
        if tag and not tag.isdigit() and len(tag) <= LONGEST_TAG and not _taken(spans, start):
            spans.append((start, end, {"$type": TAG, "tag": tag}))
    return [_facet(text, *span) for span in sorted(spans, key=lambda span: span[:2])]


def _trim(address: str) -> str:
    """Drop the sentence's punctuation, and a bracket that was opened before the address."""
    while address and (
        address[-1] in CLOSING or (address[-1] == ")" and address.count("(") < address.count(")"))
    ):
        address = address[:-1]
    return address


def _taken(spans: list[tuple[int, int, dict[str, Any]]], place: int) -> bool:
    return any(start <= place < end for start, end, _ in spans)


def _facet(text: str, start: int, end: int, feature: dict[str, Any]) -> dict[str, Any]:
    first = len(text[:start].encode())
    index = {"byteStart": first, "byteEnd": first + len(text[start:end].encode())}
    return {"index": index, "features": [feature]}


def written_out(text: str, facets: Any) -> str:
    """The text with the full address of every link; facets that make no sense are left alone."""
    body = text.encode()
    links = sorted(_links(facets, len(body)), reverse=True)
    border = len(body)
    for start, end, uri in links:  # from the last to the first, so that the offsets hold
        if end > border:
            continue
        border = start
        try:
            shown = body[start:end].decode()
        except UnicodeDecodeError:  # the span cuts a character
            continue
        body = body[:start] + _full(shown, uri).encode() + body[end:]
    return body.decode()


def _links(facets: Any, size: int) -> list[tuple[int, int, str]]:
    spans = []
    for facet in facets if isinstance(facets, list) else []:
        index = facet.get("index") if isinstance(facet, dict) else None
        features = facet.get("features") if isinstance(facet, dict) else None
        if not isinstance(index, dict) or not isinstance(features, list):
            continue
        start, end = index.get("byteStart"), index.get("byteEnd")
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= size):
            continue
        for feature in features:
            if isinstance(feature, dict) and feature.get("$type") == LINK:
                uri = feature.get("uri")
                if isinstance(uri, str):
                    spans.append((start, end, uri.encode("utf-8", "replace").decode()))
                    break
    return spans


def _full(shown: str, uri: str) -> str:
    """The address itself where the text was its beginning, else the words and the address."""
    bare = re.sub(r"^https?://", "", uri.strip())
    beginning = re.sub(r"^https?://", "", shown.strip()).rstrip(".\u2026")
    if bare.rstrip("/") == beginning.rstrip("/"):
        return shown
    if bare.lower().startswith(beginning.lower()):
        return uri
    return f"{shown} ({uri})"
