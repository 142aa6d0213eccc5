"""Makes `areas.txt.xz`, the one table of areas, from the list of official codes and names.

    python -m balai.understanding.places.making FOLDER

FOLDER is `gazetteer_wilayah` of the data folder: `wilayah.csv.gz` with the columns kode, nama and
level, made from cahyadsn/wilayah (MIT licence) at commit b7ad440, which follows Kepmendagri
300.2.2-2138 and 300.2.2-2430 of 2025. Codes and names of areas are facts. Each line of the table
is the last part of a code and the name, one tab further in than the area it lies in.
"""

from __future__ import annotations

import csv
import gzip
import lzma
import sys
from collections.abc import Iterator
from pathlib import Path

TABLE = Path(__file__).with_name("areas.txt.xz")
HEAD = """\
# Provinces, regencies and cities, districts, villages of Indonesia: codes and names.
# Source: Kepmendagri 300.2.2-2138 and 300.2.2-2430 of 2025, through cahyadsn/wilayah (MIT licence),
# commit b7ad440; made by python -m balai.understanding.places.making on 2026-11-22.
"""


def lines(source: Path) -> Iterator[str]:
    """The table's lines; ValueError where an area comes before the one that it lies in."""
    inside: list[str] = []
    with gzip.open(source, "rt", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            *parents, own = row["kode"].split(".")
            if parents != inside[: len(parents)]:
                raise ValueError(f"{row['kode']} stands before the area that it lies in")
            inside = [*parents, own]
            yield "\t" * len(parents) + own + " " + " ".join(row["nama"].split())


def make(folder: Path, table: Path = TABLE) -> int:
    """Writes the table and tells how many areas it holds."""
    found = list(lines(folder / "wilayah.csv.gz"))
    text = HEAD + "\n".join(found) + "\n"
    table.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    return len(found)


if __name__ == "__main__":
    sys.stdout.write(f"{make(Path(sys.argv[1]))} areas in {TABLE.name}\n")
