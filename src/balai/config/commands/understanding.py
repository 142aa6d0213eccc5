"""understand: the reading of text, for an analyst with an export and nothing else."""

import json
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import click

LINES_AT_ONCE = 500


class Chunk(NamedTuple):
    """Some lines of the input and the number of the first."""

    first: int
    lines: list[bytes]


@click.group("understand", invoke_without_command=True)
@click.option("--jobs", default=1, show_default=True, help="How many processor cores to use.")
@click.pass_context
def understand_command(ctx: click.Context, jobs: int) -> None:
    """Read JSON lines with a `text` from standard input, write them with their `reading`.

    The order is kept; lines that cannot be read are told by number on standard error and passed
    over (exit code 1). Neither a database nor a network is used.
    """
    if ctx.invoked_subcommand is not None:
        return
    refused = 0
    for text, complaints in _all(_chunks(sys.stdin.buffer), jobs):
        sys.stdout.write(text)
        sys.stderr.write("".join(complaints))
        refused += len(complaints)
    sys.exit(1 if refused else 0)


@understand_command.command("train")
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
)
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--seed", default=7, show_default=True)
def train(data: Path, out: Path, seed: int) -> None:
    """Train the shipped model anew from the data folder."""
    from balai.understanding.training import train as train_model

    click.echo(json.dumps(train_model(data, out, seed), ensure_ascii=False, default=str))


def _chunks(lines: Iterable[bytes]) -> Iterator[Chunk]:
    source, first = iter(lines), 1
    while chunk := list(islice(source, LINES_AT_ONCE)):
        yield Chunk(first, chunk)
        first += len(chunk)


def _all(chunks: Iterator[Chunk], jobs: int) -> Iterator[tuple[str, list[str]]]:
    if jobs <= 1:
        yield from map(_read, chunks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        # A few chunks ahead keep every core busy; more would let the memory grow with the input.
        while ahead := list(islice(chunks, jobs * 4)):
            yield from pool.map(_read, ahead)


def _read(chunk: Chunk) -> tuple[str, list[str]]:
    import msgspec

    from balai.understanding.reading import read

    rows, complaints = [], []
    for number, line in enumerate(chunk.lines, chunk.first):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                raise ValueError("not a JSON object with a text")
            rows.append(row)
        except (ValueError, RecursionError) as failure:
            complaints.append(f"line {number}: {failure}\n")
    readings = read([row["text"] for row in rows])
    out = [
        json.dumps({**row, "reading": msgspec.to_builtins(reading)}, ensure_ascii=False) + "\n"
        for row, reading in zip(rows, readings, strict=True)
    ]
    return "".join(out).encode("utf-8", "replace").decode(), complaints
