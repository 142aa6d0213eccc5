"""understand: the reading of text, for an analyst with an export and nothing else."""

import json
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

if TYPE_CHECKING:
    from balai.understanding.reading import Reader

LINES_AT_ONCE = 500
data_option = click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The folder with the labelled sets (nlp/…).",
)


class Chunk(NamedTuple):
    """Some lines of the input, the number of the first, and the model to read them with."""

    first: int
    lines: list[bytes]
    model: Path | None


@click.group("understand", invoke_without_command=True)
@click.option("--jobs", default=1, show_default=True, help="How many processor cores to use.")
@click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="A model trained here instead of the one that Balai brings.",
)
@click.pass_context
def understand_command(ctx: click.Context, jobs: int, model: Path | None) -> None:
    """Read JSON lines with a `text` from standard input, write them with their `reading`.

    The order is kept; lines that cannot be read are told by number on standard error and passed
    over (exit code 1). Neither a database nor a network is used.
    """
    if ctx.invoked_subcommand is not None:
        return
    refused = 0
    for written, complaints in _all(_chunks(sys.stdin.buffer, model), jobs):
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()
        sys.stderr.write("".join(f"{complaint}\n" for complaint in complaints))
        refused += len(complaints)
    sys.exit(1 if refused else 0)


@understand_command.command("train")
@data_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--seed", default=7, show_default=True)
def train(data: Path, out: Path, seed: int) -> None:
    """Train the model anew from the data folder; prints its card."""
    from balai.understanding.training import train as train_model

    click.echo(json.dumps(train_model(data, out, seed=seed), ensure_ascii=False, default=str))


@understand_command.command("eval")
@data_option
@click.option("--model", type=click.Path(exists=True, path_type=Path), default=None)
def evaluate(data: Path, model: Path | None) -> None:
    """Measure a model on the validation splits; prints the page docs/models.md."""
    from balai.understanding.evaluation import evaluate as measure
    from balai.understanding.report import page

    click.echo(page(*measure(data, model)), nl=False)


def _chunks(lines: Iterable[bytes], model: Path | None) -> Iterator[Chunk]:
    source, first = iter(lines), 1
    while chunk := list(islice(source, LINES_AT_ONCE)):
        yield Chunk(first, chunk, model)
        first += len(chunk)


def _all(chunks: Iterator[Chunk], jobs: int) -> Iterator[tuple[bytes, list[str]]]:
    if jobs <= 1:
        yield from map(_read, chunks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        # A few chunks ahead keep every core busy; more would let the memory grow with the input.
        while ahead := list(islice(chunks, jobs * 4)):
            yield from pool.map(_read, ahead)


def _read(chunk: Chunk) -> tuple[bytes, list[str]]:
    from balai.understanding.reading import read_jsonl

    complaints: list[str] = []
    rows = read_jsonl(
        chunk.lines,
        first=chunk.first,
        reader=_reader(chunk.model),
        refuse=lambda wrong: complaints.append(str(wrong)),
    )
    encode = msgspec.json.Encoder().encode
    return b"".join(encode(row) + b"\n" for row in rows), complaints


@cache
def _reader(model: Path | None) -> "Reader":
    from balai.understanding.reading import Reader

    return Reader(model)
