"""Labelled CSV files: which column holds the text, which the label, and what the labels mean."""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

TEXT_COLUMNS = (
    "text", "tweet", "content", "message", "comment", "sentence", "isi", "pesan", "komentar",
    "kalimat", "teks", "isi_laporan", "laporan", "full_text",
)  # fmt: skip
YES = frozenset({"1", "1.0", "true", "yes", "y", "ya", "t"})
NO = frozenset({"0", "0.0", "false", "no", "n", "tidak", "bukan", "f", ""})


class UnmeasurableError(ValueError):
    """The file cannot be measured as asked; the words say what is missing or unknown."""


class Table(NamedTuple):
    """The rows of a file by column; `numbers` are the lines that they begin on."""

    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    numbers: list[int]

    def column(self, known: Sequence[str], named: str | None, what: str, option: str) -> str:
        """The column `named`, else the first of `known` that the file has, in any case.

        Raises UnmeasurableError with the columns there are; `what` and `option` name the wish.
        """
        if named is not None:
            if named in self.columns:
                return named
            raise UnmeasurableError(f"there is no column {named}: {self._listed()}")
        plain = {column.strip().lower(): column for column in reversed(self.columns)}
        for one in known:
            if one in plain:
                return plain[one]
        raise UnmeasurableError(f"no column holds {what}: {self._listed()}; name one by {option}")

    def has(self, *known: str) -> str | None:
        """The first of these columns that the file has, in any case."""
        plain = {column.strip().lower(): column for column in reversed(self.columns)}
        return next((plain[one] for one in known if one in plain), None)

    def text_column(self, named: str | None = None) -> str:
        """The column with the texts."""
        return self.column(TEXT_COLUMNS, named, "the text", "--text-column")

    def where(self, wanted: Sequence[bool]) -> Table:
        """Only the rows that are wanted."""
        kept = [place for place, want in enumerate(wanted) if want]
        return Table(
            self.columns, [self.rows[place] for place in kept], [self.numbers[p] for p in kept]
        )

    def _listed(self) -> str:
        return "the columns are " + ", ".join(self.columns)


def read(path: Path) -> Table:
    """The table in a CSV file, plain or packed by gzip; raises UnmeasurableError."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a text of a megabyte is no error
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows, numbers, begins = [], [], 2
            for row in reader:
                if None in row or None in row.values():
                    raise UnmeasurableError(f"line {begins} has not as many fields as the heading")
                rows.append(row)
                numbers.append(begins)
                begins = reader.line_num + 1
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as wrong:
        raise UnmeasurableError(f"{path} cannot be read as CSV: {wrong}") from wrong
    if not rows:
        raise UnmeasurableError(f"{path} holds no rows")
    return Table(tuple(reader.fieldnames or ()), rows, numbers)


def labels(
    table: Table,
    column: str,
    known: Sequence[str],
    also: Mapping[str, str],
    passed_over: Sequence[str] = (),
) -> list[str | None]:
    """The labels of a column in our words; None for those `passed_over`.

    `also` maps other people's words (lower case) to ours. Raises UnmeasurableError for the first
    label that is neither.
    """
    meant: dict[str, str | None] = {one.lower(): one for one in known}
    meant.update(also)
    meant.update(dict.fromkeys((one.lower() for one in passed_over), None))
    found = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        said = row[column].strip()
        if said.lower() not in meant:
            raise UnmeasurableError(
                f"line {number}: {said or 'an empty field'!r} in column {column} is none of "
                f"{', '.join(known)}; leave such rows out by --pass-over"
            )
        found.append(meant[said.lower()])
    return found


def yes_or_no(table: Table, column: str, means_yes: Sequence[str] = ()) -> list[bool]:
    """A column of yes and no, in digits or words; `means_yes` are further words for yes.

    A word with `not_`, `non_`, `bukan_` or `tidak_` before a further word means no.
    """
    yes = YES | set(means_yes)
    no = NO | {
        f"{prefix}{joint}{one}"
        for one in means_yes
        for prefix in ("not", "non", "bukan", "tidak", "no")
        for joint in ("_", " ", "-", "")
    }
    found = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        said = row[column].strip().lower()
        if said not in yes and said not in no:
            raise UnmeasurableError(
                f"line {number}: {said!r} in column {column} is neither yes nor no"
            )
        found.append(said in yes)
    return found


def in_json(table: Table, column: str) -> list[list[Any]]:
    """A column whose fields are JSON lists."""
    found = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        try:
            value = json.loads(row[column])
        except ValueError as wrong:
            raise UnmeasurableError(
                f"line {number}: column {column} is no JSON: {wrong}"
            ) from wrong
        if not isinstance(value, list):
            raise UnmeasurableError(f"line {number}: column {column} is no JSON list")
        found.append(value)
    return found
