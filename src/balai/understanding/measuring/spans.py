"""Tasks with pieces of text: personal data and places, by span."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from balai.understanding.measuring.asking import Asked
from balai.understanding.measuring.asks import Ask
from balai.understanding.measuring.measures import Score, calibration, score, share
from balai.understanding.measuring.results import Measured
from balai.understanding.measuring.tables import Table, UnmeasurableError, in_json
from balai.understanding.shapes import PERSONAL, Context

_KINDS = {
    "nama": "name", "tel": "phone", "telp": "phone", "hp": "phone", "telephone": "phone",
    "alamat": "address", "rekening": "account", "rek": "account", "plat": "plate", "nopol": "plate",
    "surel": "email", "person": "name", "nomor": "number", "number": "number",
}  # fmt: skip
_NUMBERS = frozenset({"nik", "kk", "npwp", "phone", "account"})
_PLACE_TAGS = frozenset({"PLC", "PLACE", "LOC", "LOCATION", "GPE"})


class Piece(NamedTuple):
    """A span of some kind in code points; `p` is that of the machine's spans."""

    kind: str
    start: int
    end: int
    p: float | None = None

    def meets(self, other: Piece) -> bool:
        """Whether the two overlap and are of one kind, or one is a number of unsaid kind."""
        if self.start >= other.end or other.start >= self.end:
            return False
        if "number" in (self.kind, other.kind):
            return bool({self.kind, other.kind} & _NUMBERS) or self.kind == other.kind
        return self.kind == other.kind


def personal_data(table: Table, asked: Asked, ask: Ask) -> Measured:
    """Personal data by span: found where the spans overlap and the kind is right.

    A NIK, KK, NPWP, telephone or account number also answers a span marked NOMOR, a number whose
    kind nobody said.
    """
    column = table.column(("spans", "entities", "label"), ask.label, "the spans", "--label-column")
    text = table.text_column(ask.text)
    texts = [row[text] for row in table.rows]
    out = {one.lower() for one in ask.passed_over}
    gold = [
        _wanted(found, line, out)
        for found, line in zip(in_json(table, column), table.numbers, strict=True)
    ]
    said = [
        [Piece(one.kind, one.start, one.end, one.p) for one in reading.personal_data]
        for reading in asked.readings(texts)
    ]
    kinds = dict.fromkeys([*PERSONAL, *(one.kind for row in gold for one in row)])
    labels = {kind: _of_kind(said, gold, kind) for kind in kinds}
    labels = {kind: one for kind, one in labels.items() if one.rows or one.precision < 1}
    together = _overlapping(said, gold)
    bare = [place for place, row in enumerate(gold) if not row]
    exact = sum(
        len({o[:3] for o in s} & {o[:3] for o in g}) for s, g in zip(said, gold, strict=True)
    )
    hits = [
        any(one.meets(other) for other in g) for s, g in zip(said, gold, strict=True) for one in s
    ]
    return Measured(
        task="personal_data",
        model=asked.reader.version,
        rows=len(table.rows),
        passed_over=0,
        figures={
            "recall": together.recall,
            "precision": together.precision,
            "F1": together.f1,
            "exact span F1": score(exact, sum(map(len, said)), sum(map(len, gold))).f1,
            "texts without any that raise an alarm": share([bool(said[place]) for place in bare]),
        },
        by_label=labels,
        confusion=_counted(said, gold),
        calibration={
            "personal_data": calibration(
                [one.p for row in said for one in row], hits, [False] * len(hits)
            )
        },
        throughput=asked.throughput(),
    )


def _wanted(found: list[Any], line: int, out: set[str]) -> list[Piece]:
    pieces = []
    for one in found:
        try:
            start, end, kind = int(one[0]), int(one[1]), str(one[2]).lower()
        except (TypeError, ValueError, IndexError, KeyError) as wrong:
            raise UnmeasurableError(f"line {line}: {one!r} is no [start, end, kind]") from wrong
        kind = _KINDS.get(kind, kind)
        if kind in out:
            continue
        if kind not in PERSONAL and kind != "number":
            raise UnmeasurableError(
                f"line {line}: {one[2]!r} is none of {', '.join(PERSONAL)}; leave it out by "
                f"--pass-over"
            )
        pieces.append(Piece(kind, start, end))
    return pieces


def _of_kind(said: Sequence[Sequence[Piece]], gold: Sequence[Sequence[Piece]], kind: str) -> Score:
    mine = [[one for one in row if one.kind == kind] for row in said]
    theirs = [[one for one in row if one.kind == kind] for row in gold]
    confirmed = sum(
        any(one.meets(other) for other in g)
        for row, g in zip(mine, gold, strict=True)
        for one in row
    )
    found = sum(
        any(one.meets(other) for other in s)
        for row, s in zip(theirs, said, strict=True)
        for one in row
    )
    return _both(confirmed, sum(map(len, mine)), found, sum(map(len, theirs)))


def _overlapping(said: Sequence[Sequence[Piece]], gold: Sequence[Sequence[Piece]]) -> Score:
    pairs = list(zip(said, gold, strict=True))
    confirmed = sum(any(one.meets(other) for other in g) for s, g in pairs for one in s)
    found = sum(any(one.meets(other) for other in s) for s, g in pairs for one in g)
    return _both(confirmed, sum(map(len, said)), found, sum(map(len, gold)))


def _both(confirmed: int, said: int, found: int, there: int) -> Score:
    precision = confirmed / said if said else 1.0
    recall = found / there if there else 0.0
    together = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(precision, recall, together, there)


def _counted(
    said: Sequence[Sequence[Piece]], gold: Sequence[Sequence[Piece]]
) -> dict[str, dict[str, int]]:
    """Of each true kind how many were found, missed, or called something else; and the alarms."""
    table: dict[str, dict[str, int]] = {}

    def count(row: str, column: str) -> None:
        counts = table.setdefault(row, {})
        counts[column] = counts.get(column, 0) + 1

    for s, g in zip(said, gold, strict=True):
        for true in g:
            over = [one for one in s if one.start < true.end and true.start < one.end]
            if any(one.meets(true) for one in over):
                count(true.kind, true.kind)
            else:
                count(true.kind, over[0].kind if over else "missed")
        for one in s:
            if not any(one.start < true.end and true.start < one.end for true in g):
                count("false alarm", one.kind)
    return table


def places(table: Table, asked: Asked, ask: Ask) -> Measured:
    """Places: by tagged tokens where the file has them, by code where it has a column `code`."""
    if table.has("tokens") and table.has("tags"):
        return _tagged(table, asked, ask)
    column = ask.label or table.has("code", "kode", "kode_wilayah")
    if column is None or column not in table.columns:
        raise UnmeasurableError(
            f"no columns tokens and tags, nor code: the columns are {', '.join(table.columns)}"
        )
    return _coded(table, asked, ask, column)


def _tagged(table: Table, asked: Asked, ask: Ask) -> Measured:
    tokens = in_json(table, str(table.has("tokens")))
    tags = in_json(table, str(table.has("tags")))
    for words, marks, line in zip(tokens, tags, table.numbers, strict=True):
        if len(words) != len(marks):
            raise UnmeasurableError(f"line {line}: {len(words)} tokens but {len(marks)} tags")
    texts = [" ".join(map(str, words)) for words in tokens]
    right = said_in_all = true_in_all = 0
    p: list[float | None] = []
    hits: list[bool] = []
    for words, marks, reading in zip(tokens, tags, asked.readings(texts), strict=True):
        gold = tagged_places(marks)
        starts = list(accumulate((len(str(word)) + 1 for word in words), initial=0))
        said = set()
        for one in reading.places:
            covered = [
                place
                for place, word in enumerate(words)
                if starts[place] < one.end and one.start < starts[place] + len(str(word))
            ]
            if covered:
                span = covered[0], covered[-1] + 1
                said.add(span)
                p.append(one.p)
                hits.append(span in gold)
        right += len(said & gold)
        said_in_all += len(said)
        true_in_all += len(gold)
    found = score(right, said_in_all, true_in_all)
    return Measured(
        task="places",
        model=asked.reader.version,
        rows=len(table.rows),
        passed_over=0,
        figures={"F1": found.f1, "precision": found.precision, "recall": found.recall},
        by_label={"place": found},
        confusion={},
        calibration={"places": calibration(p, hits, [False] * len(hits))},
        throughput=asked.throughput(),
    )


def tagged_places(marks: Sequence[Any]) -> set[tuple[int, int]]:
    """The spans of tokens (from, up to) that BIO tags call a place, as seqeval counts them."""
    spans, begins = set(), -1
    for place, mark in enumerate([*map(str, marks), "O"]):
        prefix, _, kind = mark.partition("-")
        inside = kind.upper() in _PLACE_TAGS
        if begins >= 0 and not (inside and prefix == "I"):
            spans.add((begins, place))
            begins = -1
        if inside and begins < 0:
            begins = place
    return spans


def _coded(table: Table, asked: Asked, ask: Ask, column: str) -> Measured:
    text = table.text_column(ask.text)
    area = table.has("area")
    kept = table.where([bool(row[column].strip()) for row in table.rows])
    contexts = [Context(area=row[area].strip()) for row in kept.rows] if area else None
    readings = asked.readings([row[text] for row in kept.rows], contexts)
    codes = [[one.code for one in reading.places if one.code] for reading in readings]
    also = [
        [other.code for one in reading.places for other in one.alternatives] for reading in readings
    ]
    true = [row[column].strip() for row in kept.rows]
    hits = [one in found for one, found in zip(true, codes, strict=True)]
    near = [one in [*f, *o] for one, f, o in zip(true, codes, also, strict=True)]
    named = [bool(found) for found in codes]
    return Measured(
        task="places",
        model=asked.reader.version,
        rows=len(kept.rows),
        passed_over=len(table.rows) - len(kept.rows),
        figures={
            "code right": share(hits),
            "code right or among the alternatives": share(near),
            "some code told": share(named),
            "code right where one is told": share(
                [hit for hit, told in zip(hits, named, strict=True) if told]
            ),
        },
        by_label={},
        confusion={},
        calibration={
            "places": calibration(
                [max((o.p for o in r.places if o.code and o.p), default=None) for r in readings],
                hits, [False] * len(hits),
            )
        },
        throughput=asked.throughput(),
    )  # fmt: skip
