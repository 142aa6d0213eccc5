"""Measures the finding of personal data for docs/models.md; never imported by serving."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from balai.understanding.personal.finding import Finder

_KINDS = {
    "NIK": {"nik", "kk"}, "TEL": {"phone"}, "EMAIL": {"email"}, "NAMA": {"name"},
    "NOMOR": {"account", "npwp", "nik", "kk", "phone"},
}  # fmt: skip
# The set was marked by rules: it calls numbers of pupils, deeds and plots of land telephones too.
_OTHER_NUMBERS = re.compile(r"nisn|kitir|nop|km-|gamis", re.I)
_BEFORE = 24  # code points in which such a word is looked for
_SECTION = """\
## Personal data

Rules with structure and context; found where a span of the right kind overlaps the marked one.
Values in `pii_id_synthetic` are false but well formed, in real contexts (830 texts, for measuring
only). Its marks were made by rules: names are marked in part, and {no_telephones} of its
{telephones} "telephones" are numbers of pupils, deeds and plots of land, so both figures are
given.

| marked as | marks | recall |
|---|---|---|
{rows}

False alarms there: {false_identity} NIK or KK and {false_phones} telephones where nothing was
marked. On {complaints} complaints to a city whose numbers had been taken out: {complaint_identity}
NIK or KK and {complaint_phones} telephones. For comparison, `phonenumbers` alone in its strict
mode finds 91.7 % of the telephones as marked, with one false alarm.
"""


class Figures(NamedTuple):
    """Counts of marks, of those found, and of alarms where nothing is marked, by kind."""

    marks: Counter[str]
    found: Counter[str]
    false: Counter[str]


def measure(data: Path) -> Figures:
    """The figures on pii_id_synthetic; `TEL only` counts marks that are telephones."""
    rows = _rows(data / "pii_id_synthetic" / "dev.csv")
    spans = Finder().find([row["text"] for row in rows])
    marks: Counter[str] = Counter()
    found: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for place, row in enumerate(rows):
        gold = json.loads(row["spans"])
        mine = spans.get(place, ())
        for start, end, kind in gold:
            hit = any(s.start < end and start < s.end and s.kind in _KINDS[kind] for s in mine)
            names = [kind]
            if kind == "TEL" and not _OTHER_NUMBERS.search(
                row["text"][max(0, start - _BEFORE) : start]
            ):
                names.append("TEL only")
            for name in names:
                marks[name] += 1
                found[name] += hit
        for span in mine:
            false[span.kind] += not any(
                span.start < end and start < span.end for start, end, _ in gold
            )
    return Figures(marks, found, false)


def alarms(data: Path) -> tuple[int, Counter[str]]:
    """How many complaints were read, and what was found in them, by kind."""
    texts = [row["text"] for row in _rows(data / "complaints_surabaya" / "valid.csv")]
    found = Finder().find(texts).values()
    return len(texts), Counter(span.kind for spans in found for span in spans)


def section(data: Path) -> str:
    """The part of docs/models.md on personal data; `data` is the folder nlp."""
    figures = measure(data)
    texts, seen = alarms(data)
    names = {"NIK": "NIK, KK", "TEL": "telephone, as marked", "TEL only": "telephone, by meaning",
             "EMAIL": "e-mail", "NAMA": "name", "NOMOR": "any other number"}  # fmt: skip
    rows = [
        f"| {title} | {figures.marks[kind]} "
        f"| {100 * figures.found[kind] / max(1, figures.marks[kind]):.1f} |"
        for kind, title in names.items()
    ]
    return _SECTION.format(
        rows="\n".join(rows),
        telephones=figures.marks["TEL"],
        no_telephones=figures.marks["TEL"] - figures.marks["TEL only"],
        false_identity=figures.false["nik"] + figures.false["kk"],
        false_phones=figures.false["phone"],
        complaints=f"{texts:,}",
        complaint_identity=seen["nik"] + seen["kk"],
        complaint_phones=seen["phone"],
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
