"""Bench 5: the newest fifty of many messages over 24 months, five kinds of query.

Beside it tantivy (newest first by a fast field) and, where a server answers, PostgreSQL with a
plain table and a GIN index. With `balai` on PostgreSQL (BALAI_DATABASE_URL) ours are the monthly
partitions there.
"""

import os
from typing import Any

from balai.config.bench.scratch import PartyFailed, Scratch

DEFAULT_ROWS = 150_000


def run(rows: int) -> dict[str, Any]:
    """Measure search over so many messages."""
    server = os.environ.get("BALAI_DATABASE_URL", "")
    on_postgres = server.startswith("postgres")
    left_out = []
    with Scratch() as scratch:
        ours = scratch.party("search_ours", party="ours", rows=rows, server=server * on_postgres)
        limit = scratch.party("search_tantivy", party="tantivy", rows=rows)
        peers = []
        try:
            peers.append(
                scratch.party("search_postgres", party="postgres", rows=rows, server=server)
            )
        except PartyFailed:
            left_out.append("PostgreSQL: no server answered (BALAI_DATABASE_URL)")
    return {
        "name": "search",
        "rows": rows,
        "database": "postgresql" if on_postgres else "sqlite",
        "ours": ours,
        "limit": limit,
        "peers": peers,
        "ratio_to_limit": round(limit["p95_ms"] / ours["p95_ms"], 2),
        "ratio_to_peer": round(min((p["p95_ms"] for p in peers), default=0) / ours["p95_ms"], 2)
        if peers
        else None,
        "left_out": left_out,
    }
