"""Bench 1: lines come in, searchable conversations stand there. Two processes, one writer.

One process parses and reads; the other lands. The limit is what SQLite itself can do: unique
insert and bulk FTS5, nothing understood, nothing threaded. The peer is what is usually written.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from balai.config.bench.scratch import Scratch
from balai.config.bench.words import Town

DEFAULT_ROWS = 100_000
NAIVE_ROWS = 300  # a hundred documents a second: more of them tell nothing more
BATCHED_ROWS = 2_000


def run(rows: int) -> dict[str, Any]:
    """Measure intake with so many messages, a tenth of them repeats."""
    with Scratch() as scratch:
        lines = scratch.path / "lines.jsonl"
        write_lines(lines, rows)
        limit = scratch.party("intake_limit", lines=str(lines))
        ours = scratch.party("intake_ours", lines=str(lines), rows=rows)
        peers = [
            scratch.party("intake_peer", party="each", lines=str(lines), rows=NAIVE_ROWS),
            scratch.party("intake_peer", party="batched", lines=str(lines), rows=BATCHED_ROWS),
        ]
    best = max(peer["rate"] for peer in peers)
    return {
        "name": "intake",
        "rows": rows,
        "database": "sqlite",
        "ours": ours,
        "limit": limit,
        "peers": peers,
        "ratio_to_limit": round(ours["rate"] / limit["rate"], 3),
        "ratio_to_peer": round(ours["rate"] / best, 1),
        # Processes that share their cores with others wait; what they worked stays the same.
        "ratio_to_limit_by_cpu": round(limit["cpu_us"] / ours["cpu_us"], 3),
        "ratio_to_peer_by_cpu": round(min(p["cpu_us"] for p in peers) / ours["cpu_us"], 1),
        "ratio_to_naive": round(ours["rate"] / peers[0]["rate"], 1),
        "not_yet": ["places in the text are not read", "near twins are not looked for"],
    }


def write_lines(path: Path, rows: int) -> None:
    """The messages of one believable day, a JSON object a line, with the number of their line."""
    with path.open("w", encoding="utf-8") as out:
        until = datetime.now(UTC).replace(microsecond=0)
        for message in Town().messages(rows, until=until, span=timedelta(days=1)):
            out.write(json.dumps(message, ensure_ascii=False) + "\n")
