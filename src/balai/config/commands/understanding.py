"""understand: the reading of text, for an analyst with an export and nothing else."""

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from balai.config.starting import enter, home_option

if TYPE_CHECKING:
    from balai.people.models import Institution

LINES_AT_ONCE = 500
TASKS = (
    "sentiment", "emotion", "language", "intent", "urgency", "abuse", "hate", "disaster", "flood",
    "topic", "agency", "complaint", "personal_data", "places", "claims",
)  # fmt: skip


class Chunk(NamedTuple):
    """Some lines of the input, the number of the first, and the model to read them with."""

    first: int
    lines: list[bytes]
    model: Path | None


@click.group("understand", invoke_without_command=True)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many processor cores to use.",
)
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="A directory of packs trained here, to stand beside those that Balai brings.",
)
@click.pass_context
def understand_command(ctx: click.Context, jobs: int, model: Path | None) -> None:
    """Read JSON lines with a `text` from standard input, write them with their `reading`.

    The order is kept; lines that cannot be read are told by number on standard error and passed
    over (exit code 1). Neither a database nor a network is used.
    """
    if ctx.invoked_subcommand is not None:
        return
    from balai.understanding.reading import BrokenModelError, reader_for

    try:
        reader_for(model)
    except BrokenModelError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    refused = 0
    for written, complaints in _all(_chunks(sys.stdin.buffer, model), jobs):
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()
        sys.stderr.write("".join(f"{complaint}\n" for complaint in complaints))
        refused += len(complaints)
    sys.exit(1 if refused else 0)


@understand_command.command("train")
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the labelled sets (nlp/…).",
)  # fmt: skip
@click.option(
    "--with", "names", multiple=True, metavar="NAME", help="Only this recipe or group; repeatable."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", default=7, show_default=True)
@click.option(
    "--institution", metavar="SLUG",
    help="Learn from the corrections that this institution's people made in the inbox.",
)  # fmt: skip
@home_option
def train(
    data: Path | None,
    names: tuple[str, ...],
    out: Path | None,
    seed: int,
    institution: str | None,
    home: Path | None,
) -> None:
    """Train packs from the data folder into a directory; prints their cards, one a line.

    Without --with these are the packs that Balai brings. A pack whose sets do not allow it to be
    passed on is only trained when it is named, and stays in the office that trained it.

    With --institution the heads in use learn from what its people corrected. A new head is used
    from then on only if it wins on corrections that were held back (and, with --data, is not worse
    on the sets' validation splits); prints how each did.
    """
    if institution is not None:
        if names or out:
            raise click.UsageError("--institution takes neither --with nor --out")
        _train_for(institution, data, home)
        return
    if data is None or out is None:
        raise click.UsageError("name --data and --out, or an --institution")
    from balai.understanding.training import UnknownRecipeError
    from balai.understanding.training import train as train_model

    try:
        cards = train_model(data, out, seed, names=names)
    except UnknownRecipeError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--with") from wrong
    except ModuleNotFoundError as missing:
        raise click.ClickException(
            f"training from sets needs {missing.name}, which only requirements/dev.lock installs"
        ) from missing
    for card in cards:
        click.echo(msgspec.json.encode(card).decode())


def _train_for(slug: str, data: Path | None, home: Path | None) -> None:
    found = _institution(slug, home)
    from balai.config.learning import learn_from_office, model_in_use
    from balai.people.selectors import OPERATOR
    from balai.understanding.corpora import NoDataError
    from balai.understanding.packs import BrokenModelError

    try:
        outcomes = learn_from_office(found, by=OPERATOR, data=data)
    except (BrokenModelError, NoDataError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    for outcome in outcomes:
        click.echo(msgspec.json.encode(outcome).decode())
    if not outcomes:
        click.echo("nobody corrected anything that a head could learn from", err=True)
    click.echo(f"messages are read with {model_in_use(found)}", err=True)


def _institution(slug: str, home: Path | None) -> "Institution":
    enter(home)
    from balai.people.models import Institution

    found = Institution.objects.filter(slug=slug).first()
    if found is None:
        raise click.ClickException(f"no institution is called {slug}")
    return found


@understand_command.command("use")
@click.argument("packs", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--institution", required=True, metavar="SLUG")
@home_option
def use(packs: Path, institution: str, home: Path | None) -> None:
    """Read an institution's messages with the packs in a directory, as `train --out` wrote them."""
    found = _institution(institution, home)
    from balai.config.learning import use_model
    from balai.people.selectors import OPERATOR
    from balai.understanding.packs import BrokenModelError

    try:
        chosen = use_model(found, packs, by=OPERATOR)
    except BrokenModelError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    click.echo(f"messages are read with {chosen.version}")


@understand_command.command("rollback")
@click.option("--institution", required=True, metavar="SLUG")
@click.option("--reason", required=True, help="Why; it is kept in the audit log.")
@home_option
def rollback(institution: str, reason: str, home: Path | None) -> None:
    """Read an institution's messages again with the model that was used before."""
    found = _institution(institution, home)
    from balai.config.learning import model_in_use
    from balai.inbox.services import NothingToTakeBack, take_back_model
    from balai.people.selectors import OPERATOR

    try:
        take_back_model(found, by=OPERATOR, reason=reason)
    except NothingToTakeBack as wrong:
        raise click.ClickException(str(wrong)) from wrong
    click.echo(f"messages are read with {model_in_use(found)}")


@understand_command.command("eval")
@click.argument(
    "table", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--task", type=click.Choice(TASKS), help="What the labels of the file say.")
@click.option("--text-column", metavar="NAME", help="The column with the texts.")
@click.option("--label-column", metavar="NAME", help="The column with the labels.")
@click.option(
    "--pass-over", "passed_over", multiple=True, metavar="LABEL",
    help="Leave out rows with this label; repeatable.",
)  # fmt: skip
@click.option("--by", metavar="NAME", help="Also give figures for each value of this column.")
@click.option(
    "--claims", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For the task claims: a CSV of further claims (id, claim) to look in.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Instead of a file: the folder with the labelled sets; prints the page docs/models.md.",
)  # fmt: skip
@click.option(
    "--model", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None
)
def evaluate(
    table: Path | None,
    task: str | None,
    text_column: str | None,
    label_column: str | None,
    passed_over: tuple[str, ...],
    by: str | None,
    claims: Path | None,
    as_json: bool,
    data: Path | None,
    model: Path | None,
) -> None:
    """Measure a model on a labelled CSV file, or on all validation splits of a data folder.

    Columns are found by their usual names. A missing column or an unknown label ends the command
    with words that say which. Figures of a file that the model learnt from flatter it.
    """
    if data is not None and table is None:
        _whole_page(data, model)
        return
    if table is None or task is None:
        raise click.UsageError("name a CSV file and its --task, or a folder by --data")
    from balai.understanding.measuring.asks import Ask
    from balai.understanding.measuring.results import page
    from balai.understanding.measuring.tables import UnmeasurableError
    from balai.understanding.measuring.tasks import measure
    from balai.understanding.packs import BrokenModelError

    ask = Ask(text_column, label_column, passed_over, by, claims)
    try:
        measured = measure(table, task, model, ask)
    except (UnmeasurableError, BrokenModelError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if as_json:
        click.echo(msgspec.json.encode(measured).decode())
    else:
        click.echo(page(measured), nl=False)


def _whole_page(data: Path, model: Path | None) -> None:
    from balai.understanding import corpora
    from balai.understanding.claims import load_ranker
    from balai.understanding.claims import report as claims
    from balai.understanding.evaluation import evaluate as measure
    from balai.understanding.ours import failing, measured
    from balai.understanding.personal import figures as personal
    from balai.understanding.places import figures as places
    from balai.understanding.reading import Reader
    from balai.understanding.report import page

    folder, read = corpora.folder(data), Reader(model).read
    parts = (
        page(*measure(data, model)), measured.section(read), failing.section(read),
        places.section(folder), personal.section(folder), claims.section(folder, load_ranker()),
    )  # fmt: skip
    click.echo("\n".join(parts), nl=False)


def _chunks(lines: Iterable[bytes], model: Path | None) -> Iterator[Chunk]:
    source, first = iter(lines), 1
    while chunk := list(islice(source, LINES_AT_ONCE)):
        yield Chunk(first, chunk, model)
        first += len(chunk)


def _all(chunks: Iterator[Chunk], jobs: int) -> Iterator[tuple[bytes, list[str]]]:
    """What each chunk gives, in order; the reader is loaded already, so that workers share it."""
    if jobs <= 1:
        yield from map(_read, chunks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        # A few chunks ahead keep every core busy; more would let the memory grow with the input.
        waiting = deque(pool.submit(_read, chunk) for chunk in islice(chunks, jobs * 4))
        while waiting:
            done = waiting.popleft().result()
            waiting.extend(pool.submit(_read, chunk) for chunk in islice(chunks, 1))
            yield done


def _read(chunk: Chunk) -> tuple[bytes, list[str]]:
    from balai.understanding.reading import read_jsonl, reader_for

    complaints: list[str] = []
    rows = read_jsonl(
        chunk.lines,
        first=chunk.first,
        reader=reader_for(chunk.model),
        refuse=lambda wrong: complaints.append(str(wrong)),
    )
    encode = msgspec.json.Encoder().encode
    return b"".join(encode(row) + b"\n" for row in rows), complaints
