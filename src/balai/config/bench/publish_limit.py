"""The bare limit of the bench of posts: three commits and one appended line for each."""

import json
import os
import sqlite3
import sys
import time
from pathlib import Path

from balai.config.bench.scratch import answer


def main() -> None:
    """Claim, write, prove; nothing is understood, checked or announced."""
    rows = json.loads(sys.argv[1])["rows"]
    home = Path(os.environ["BALAI_HOME"])
    base = sqlite3.connect(home / "limit.sqlite3", isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    base.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, state TEXT, proof TEXT)")
    base.executemany("INSERT INTO post (state) VALUES (?)", [("due",)] * rows)
    began = time.perf_counter()
    for number in range(1, rows + 1):
        base.execute("UPDATE post SET state='sending' WHERE id=? AND state='due'", (number,))
        with (home / "out.jsonl").open("a", encoding="utf-8") as out:
            out.write(json.dumps({"id": number, "text": "Kabar"}) + "\n")
        base.execute("UPDATE post SET state='out', proof=? WHERE id=?", (str(number), number))
        base.execute("UPDATE post SET state='published' WHERE id=?", (number,))
    answer(rate=round(rows / (time.perf_counter() - began), 1), what="the same rows by hand")


if __name__ == "__main__":
    main()
