"""Rows of foreign exports, one by one, each with the number of the line on which it begins.

No row is guessed: what cannot be read as it stands is told and passed over, and reading goes on
behind it. Only one row is held in memory, and a row has a largest size.
"""

import codecs
import csv
import json
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, TextIO

LONGEST_CELL = 1024 * 1024  # characters; the inbox keeps fewer of a message
LONGEST_LINE = 4 * LONGEST_CELL
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
UNDECODED = re.compile("[\udc80-\udcff]")  # bytes that the encoding does not know
JSON_NAMES = (".jsonl", ".ndjson", ".json")
CSV_NAMES = (".csv", ".tsv", ".txt")


class CannotImport(Exception):
    """The whole file cannot be imported; `str()` says what to change."""


class RefusedRow(Exception):
    """One row cannot be imported; `str()` says why."""


Row = tuple[int, dict[str, Any] | RefusedRow]


class _TooLong(Exception):
    """A physical line is longer than a row may be; it was passed over."""


class _Lines:
    """The lines of a file as an editor numbers them; some can be given back and read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.number = 0  # of the line that was read last

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._again:
            self.number += 1
            return self._again.popleft()
        line = self._file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            while (rest := self._file.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
                pass
            raise _TooLong
        return line

    def give_back(self, lines: list[str]) -> None:
        """Read these again: the last ones that were read, in their order."""
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)


def columns_of(file: Path, *, encoding: str | None) -> list[str] | None:
    """The columns of a CSV file; None where every row names its own. Raises CannotImport."""
    if file.suffix.lower() not in CSV_NAMES:
        return None
    with _open(file, encoding) as opened:
        return _header(_Lines(opened))[0]


def rows_of(file: Path, *, encoding: str | None) -> Iterator[Row]:
    """Each row, or why it is none, with the number of its first line. Raises CannotImport."""
    with _open(file, encoding) as opened:
        lines = _Lines(opened)
        if file.suffix.lower() in JSON_NAMES:
            yield from _json_rows(lines)
        elif file.suffix.lower() in CSV_NAMES:
            yield from _csv_rows(lines)
        else:
            raise CannotImport(f"{file.name}: the name must end in .jsonl or .csv")


def _open(file: Path, encoding: str | None) -> TextIO:
    """With `newline=""`, as csv wants it; bytes that are no text are seen by `_problem`."""
    with file.open("rb") as start:
        marked = BYTE_ORDER_MARKS.get(start.read(2))
    name = encoding or marked or "utf-8-sig"
    if name.lower().replace("_", "-") in ("utf-8", "utf8"):
        name = "utf-8-sig"
    try:
        codecs.lookup(name)
    except LookupError as failure:
        raise CannotImport(f"--encoding {encoding}: no such encoding (say cp1252)") from failure
    errors = "strict" if name.lower().startswith("utf-16") else "surrogateescape"
    return file.open(encoding=name, errors=errors, newline="")


def _problem(text: str) -> str:
    """What is wrong with the characters of a row, in words."""
    strange = UNDECODED.search(text)
    if strange:
        byte = ord(strange.group()) - 0xDC00
        return f"the byte 0x{byte:02X} is no text (if Excel wrote the file: --encoding cp1252)"
    if "\x00" in text:
        return "it holds a NUL byte (is the file UTF-16? --encoding utf-16)"
    return ""


def _json_rows(lines: _Lines) -> Iterator[Row]:
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except _TooLong:
            yield lines.number, RefusedRow(f"a line is longer than {LONGEST_LINE:,} characters")
            continue
        if not line.strip():
            continue
        if line.lstrip().startswith("["):
            if lines.number == 1:
                raise CannotImport(
                    "the file is one JSON list; write each object on a line of its own, "
                    "for example with: jq -c '.[]'"
                )
            yield lines.number, RefusedRow("not a JSON object")
            continue
        yield lines.number, _json_row(line)


def _json_row(line: str) -> dict[str, Any] | RefusedRow:
    problem = _problem(line)
    if problem:
        return RefusedRow(problem)
    try:
        row = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as failure:
        return RefusedRow(f"not JSON: {failure}")
    return row if isinstance(row, dict) else RefusedRow("not a JSON object")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _csv_rows(lines: _Lines) -> Iterator[Row]:
    names, delimiter = _header(lines)
    while True:
        first = lines.number + 1
        read: list[str] = []
        try:
            cells = _record(lines, delimiter, read)
        except StopIteration:
            return
        except _TooLong:
            yield first, RefusedRow(f"a line is longer than {LONGEST_LINE:,} characters")
            continue
        except csv.Error as failure:
            lines.give_back(read[1:])  # an open quotation mark must not swallow the rows behind it
            yield first, RefusedRow(_in_words(failure))
            continue
        if not cells:
            continue
        problem = next(filter(None, map(_problem, cells)), "")
        if problem:
            yield first, RefusedRow(problem)
        elif len(cells) != len(names):
            yield first, RefusedRow(f"{len(cells)} cells, the header has {len(names)}")
        else:
            yield first, dict(zip(names, cells, strict=True))


def _record(lines: _Lines, delimiter: str, read: list[str]) -> list[str]:
    """The next row; `read` gets the lines it took. Raises StopIteration, csv.Error, _TooLong."""

    def noted() -> Iterator[str]:
        for line in lines:
            read.append(line)
            yield line

    csv.field_size_limit(LONGEST_CELL)
    return next(csv.reader(noted(), delimiter=delimiter, strict=True))


def _in_words(failure: csv.Error) -> str:
    words = str(failure)
    if "field larger" in words:
        return f"a cell is longer than {LONGEST_CELL:,} characters (a quotation mark left open?)"
    if "unexpected end" in words:
        return "a quotation mark is never closed"
    return f"not CSV: {words} (is a quotation mark inside a cell not doubled?)"


def _header(lines: _Lines) -> tuple[list[str], str]:
    """The names of the columns, each once, and what stands between cells."""
    try:
        head = next((line for line in lines if line.strip("\r\n\t ")), "")
        lines.give_back([head])
        delimiter = max(",;\t", key=head.count)
        names = [name.strip() for name in _record(lines, delimiter, [])]
    except (StopIteration, csv.Error, _TooLong) as failure:
        raise CannotImport("the file has no header line that names its columns") from failure
    problem = next(filter(None, map(_problem, names)), "")
    if problem:
        raise CannotImport(f"the header line cannot be read: {problem}")
    if not any(names):
        raise CannotImport("the file has no header line that names its columns")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise CannotImport(f"two columns have one name: {', '.join(twice)}")
    return [name or f"column {place}" for place, name in enumerate(names, 1)], delimiter
