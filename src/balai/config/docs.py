"""Documents that the code writes: what each channel promises, and the shape of a reading."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import Can, Connector, Limits
from balai.understanding.reading import Reading

CHANNELS = "docs/channels.md"
READING = "docs/reading.schema.json"

# What each promise lets an office do, in the order of the table.
PROMISES = {
    Can.FETCH: "asks for what came in",
    Can.HEAR: "is told what came in",
    Can.CALLED: "knows its own webhook address",
    Can.GATHER: "fetches what its webhook names",
    Can.PUBLISH: "publishes",
    Can.REPLY: "answers in the thread",
    Can.PICTURES: "sends pictures",
    Can.EDIT: "edits",
    Can.RETRACT: "takes back",
    Can.PROBE: "looks whether it is out",
    Can.FOLLOW_UP: "waits until it is out",
    Can.REFRESH: "renews its sign-in",
    Can.CHECK: "tests its line",
}
HEAD = """\
# Channels

Written by `./balai docs` from `src/balai/channels/catalogue.py`. Do not edit: a test fails when
this page says something else than the code. How to get keys, what review a platform asks and what
is odd about it stands in each channel's own page, linked below.
"""


def write_all(root: Path) -> list[Path]:
    """Write every generated document of the checkout `root` anew; returns their paths."""
    written = []
    for path, text in _documents(root).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def stale(root: Path) -> list[Path]:
    """The generated documents that are missing or say something else than the code."""
    return [
        path
        for path, text in _documents(root).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def _documents(root: Path) -> dict[Path, str]:
    return {
        root / CHANNELS: channels_page(CONNECTORS.values()),
        root / READING: reading_schema(),
    }


def channels_page(connectors: Iterable[type[Connector]]) -> str:
    """The table of promises, then for each channel its limits and what its connect form asks."""
    shown = sorted(connectors, key=lambda connector: connector.slug)
    names = [f"[{c.label}](../src/balai/channels/providers/{c.slug}/README.md)" for c in shown]
    rows = [_row("promise", *names), _row(*["---"] * (len(shown) + 1))]
    for promise, words in PROMISES.items():
        rows.append(_row(words, *("yes" if promise in c.can else "" for c in shown)))
    return "\n".join([HEAD, *rows, "", *(_chapter(c) for c in shown)])


def reading_schema() -> str:
    """The JSON Schema of one reading: the shape on which other rooms and files rely."""
    (root,), parts = msgspec.json.schema_components([Reading], ref_template="#/$defs/{name}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Reading",
        **root,
        "$defs": parts,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _chapter(connector: type[Connector]) -> str:
    lines = [f"## {connector.label} (`{connector.slug}`)", "", *_limits(connector.limits)]
    if Can.FETCH in connector.can:
        lines.append(f"- looks every {connector.poll_every.total_seconds():g} seconds")
    if connector.asks:
        lines += ["", _row("the connect form asks", "", ""), _row("---", "---", "---")]
        for ask in connector.asks:
            kind = "kept encrypted" if ask.secret else ""
            needed = "may stay empty" if ask.optional else ""
            usual = f"usually `{ask.default}`" if ask.default else ""
            lines.append(
                _row(f"{ask.label} (`{ask.name}`)", ", ".join(filter(None, (kind, needed, usual))),
                     ask.help)
            )  # fmt: skip
    else:
        lines.append("- asks nothing to connect")
    return "\n".join([*lines, ""])


def _limits(limits: Limits) -> list[str]:
    known: dict[str, Any] = {
        "text": limits.text and f"{limits.text:,} {limits.counted_in}",
        "text in bytes": limits.text_bytes and f"{limits.text_bytes:,}",
        "pictures in one message": limits.pictures,
        "one picture": limits.picture_bytes and f"{limits.picture_bytes:,} bytes",
        "description of a picture": limits.alt_text and f"{limits.alt_text:,} characters",
        "answers are taken for": limits.reply_within,
        "private answers are taken for": limits.direct_within,
        "price of a message": limits.price_per_message,
        "messages a day": limits.per_day and f"{limits.per_day:,}",
    }
    found = [f"- {name}: {value}" for name, value in known.items() if value]
    return found or ["- no limit is known"]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
