"""Bench 3: edited copies against many claims, each to find the claim that it was made of.

Beside ours datasketch (the limit of this bench) and rensa, with the same words, signatures of the
same length and the same bands. Rates are for one core, by CPU time. The default is a small shelf,
because datasketch takes minutes to fill a big one; the target is for `--rows 500000`.
"""

from typing import Any

from balai.config.bench.scratch import PartyFailed, Scratch

DEFAULT_ROWS = 20_000
GROWTH = 10  # ours is asked again on a shelf so many times smaller


def run(rows: int) -> dict[str, Any]:
    """Measure copies against so many claims."""
    left_out, peers = [], []
    with Scratch() as scratch:
        small = scratch.party("claims_ours", party="small", rows=max(1, rows // GROWTH))
        ours = scratch.party("claims_ours", party="ours", rows=rows)
        for name in ("datasketch", "rensa"):
            try:
                peers.append(scratch.party("claims_peers", party=name, rows=rows))
            except PartyFailed as failed:
                left_out.append(f"{name}: {failed}")
    if not peers:
        raise PartyFailed("; ".join(left_out))
    limit, *others = peers
    return {
        "name": "claims",
        "rows": rows,
        "database": "in memory",
        "ours": ours,
        "limit": limit,
        "peers": others,
        "ratio_to_limit": round(ours["rate"] / limit["rate"], 1),
        "ratio_to_peer": round(ours["rate"] / max(p["rate"] for p in peers), 1),
        "growth": {
            "from_rows": max(1, rows // GROWTH),
            "copies": round(small["rate"] / ours["rate"], 2),
            "match": round(ours["match_us"] / small["match_us"], 2),
        },
        "left_out": left_out,
    }
