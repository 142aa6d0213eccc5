"""claims: which of the claims that were checked does a message repeat?"""

import hashlib
import json
import multiprocessing
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
import msgspec

if TYPE_CHECKING:
    from balai.understanding.claims import Claim, Claims, Ranker

LINES_AT_ONCE = 400
Kind = TypeVar("Kind")
_data = click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="The folder with the sets (nlp/…); BALAI_TEST_DATA where none is named.",
)
_model = click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="A ranker trained here instead of the one that Balai brings.",
)


class Line(msgspec.Struct):
    """What a line of messages must have."""

    text: str


class ClaimLine(msgspec.Struct):
    """What a line of claims must have, and what else is used."""

    id: str | int
    text: str
    title: str | None = None
    verdict: str | None = None
    url: str | None = None


class Part(NamedTuple):
    """Some lines of the input, and the number of the first."""

    first: int
    lines: list[bytes]


class Matcher:
    """Adds `matches` to lines of messages. Processes that are forked share its index."""

    def __init__(self, index: "Claims") -> None:
        self._index = index
        index.match([""])  # what is made at the first question is made before processes part

    def __call__(self, part: Part) -> tuple[bytes, list[str]]:
        """The lines again with their matches, and what was wrong with the others."""
        complaints: list[str] = []
        rows = [row for _, row in _rows(part, Line, complaints)]
        found = self._index.match([row["text"] for row in rows])
        encode = msgspec.json.Encoder().encode
        written = b"".join(
            encode({**row, "matches": matches}) + b"\n"
            for row, matches in zip(rows, found, strict=True)
        )
        return written, complaints


@click.group("claims")
def claims_command() -> None:
    """Find known claims again in what people write."""


@claims_command.command("match")
@click.argument("claims", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jobs", default=1, show_default=True, help="How many processor cores to use.")
@click.option(
    "--index",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Keep the index here; it is used again while CLAIMS stays the same.",
)
@_model
def match(claims: Path, jobs: int, folder: Path | None, model: Path | None) -> None:
    """Read JSON lines with a `text` from standard input, write them with their `matches`.

    CLAIMS is a file of JSON lines with `id` and `text`, and `title`, `verdict` and `url` where
    there are. Each match has an `id`, a `score` (how much the texts overlap) and `p` (the
    probability that the message repeats the claim); the likeliest five are given. The order is
    kept; lines that cannot be read are told by number on standard error and passed over (exit
    code 1).
    """
    complaints: list[str] = []
    matcher = Matcher(_index(claims, folder, _ranker(model), complaints))
    sys.stderr.write("".join(f"{claims.name}: {one}\n" for one in complaints))
    refused = len(complaints)
    for written, wrong in _all(matcher, _parts(sys.stdin.buffer), jobs):
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()
        sys.stderr.write("".join(f"{one}\n" for one in wrong))
        refused += len(wrong)
    sys.exit(1 if refused else 0)


@claims_command.command("train")
@_data
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--seed", default=7, show_default=True)
def train(data: Path | None, out: Path, seed: int) -> None:
    """Train a ranker on the sets of real claims, whose licences do not let us bring one."""
    from balai.understanding.claims.training import train_local
    from balai.understanding.corpora import folder

    ranker = train_local(folder(data), seed)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(msgspec.json.encode(ranker.card))
    click.echo(f"{out}: {ranker.card.version}")


@claims_command.command("eval")
@_data
@_model
def evaluate(data: Path | None, model: Path | None) -> None:
    """Measure a ranker on the sets of real claims; prints JSON."""
    from balai.understanding.claims.measuring import measure
    from balai.understanding.claims.sets import local_tasks, unrelated
    from balai.understanding.corpora import folder

    home, ranker = folder(data), _ranker(model)
    strangers = unrelated(home, valid=True)
    figures = {task.name: measure(ranker, task, strangers) for task in local_tasks(home)}
    click.echo(json.dumps(figures, ensure_ascii=False, indent=1))


def _ranker(model: Path | None) -> "Ranker":
    from balai.understanding.claims import BrokenRankerError, load_ranker

    try:
        return load_ranker(model)
    except BrokenRankerError as wrong:
        raise click.ClickException(str(wrong)) from wrong


def _index(path: Path, folder: Path | None, ranker: "Ranker", complaints: list[str]) -> "Claims":
    """The index of a file of claims; from `folder` where it was made of the same file."""
    from balai.understanding.claims import BrokenIndexError, Claims, card_of, load, save

    if folder is None:
        return Claims(_claims(path, complaints), ranker)
    with path.open("rb") as file:
        source = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        card = card_of(folder)
        if card is not None and card.source_sha256 == source:
            return load(folder, ranker)
    except BrokenIndexError as wrong:
        sys.stderr.write(f"{wrong}; it is made anew\n")
    index = Claims(_claims(path, complaints), ranker)
    save(index, folder, source)
    return index


def _claims(path: Path, complaints: list[str]) -> Iterator["Claim"]:
    from balai.understanding.claims import Claim

    with path.open("rb") as file:
        for part in _parts(file):
            for line, _ in _rows(part, ClaimLine, complaints):
                yield Claim(
                    str(line.id), line.text, line.title or "", line.verdict or "", line.url or ""
                )


def _parts(lines: Iterable[bytes]) -> Iterator[Part]:
    source, first = iter(lines), 1
    while chunk := list(islice(source, LINES_AT_ONCE)):
        yield Part(first, chunk)
        first += len(chunk)


def _rows(
    part: Part, kind: type[Kind], complaints: list[str]
) -> Iterator[tuple[Kind, dict[str, Any]]]:
    for number, line in enumerate(part.lines, part.first):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=dict[str, Any])
            yield msgspec.convert(row, kind), row
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
            complaints.append(f"line {number}: {wrong}")


class _Worker:
    """One of several processes: takes its matcher over when it is forked."""

    matcher: Matcher

    @classmethod
    def start(cls, matcher: Matcher) -> None:
        cls.matcher = matcher

    @classmethod
    def ask(cls, part: Part) -> tuple[bytes, list[str]]:
        return cls.matcher(part)


def _all(matcher: Matcher, parts: Iterator[Part], jobs: int) -> Iterator[tuple[bytes, list[str]]]:
    if jobs <= 1:
        yield from map(matcher, parts)
        return
    with ProcessPoolExecutor(
        jobs, multiprocessing.get_context("fork"), initializer=_Worker.start, initargs=(matcher,)
    ) as pool:
        # A few parts ahead keep every core busy; more would let the memory grow with the input.
        while ahead := list(islice(parts, jobs * 4)):
            yield from pool.map(_Worker.ask, ahead)
