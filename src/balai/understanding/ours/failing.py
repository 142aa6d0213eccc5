"""The known failure classes, with sentences of ours and what the model does with them today."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from balai.understanding.ours.labelled import Failure, failures
from balai.understanding.shapes import Reading

Read = Callable[[Sequence[str]], list[Reading]]


def read_today(read: Read) -> list[tuple[Failure, str]]:
    """Each sentence with what `read` says of the field that it tests."""
    known = failures()
    readings = read([one.text for one in known])
    return [(one, _said(one.field, said)) for one, said in zip(known, readings, strict=True)]


def section(read: Read) -> str:
    """The section of docs/models.md: what of each class is read rightly, and every sentence."""
    today = read_today(read)
    lines = [
        "## Known failure classes",
        "",
        "Sentences written to be hard, one class after the other; a cross marks what is read",
        "wrongly today. They are shown so that nobody relies on what does not hold.",
        "",
        "| class | read rightly |",
        "|---|---|",
    ]
    for kind in dict.fromkeys(one.kind for one, _ in today):
        mine = [said == one.right for one, said in today if one.kind == kind]
        lines.append(f"| {kind} | {sum(mine)} of {len(mine)} |")
    lines += ["", "| | class | sentence | field | right | read as |", "|---|---|---|---|---|---|"]
    for one, said in today:
        mark = " " if said == one.right else "✗"
        lines.append(f"| {mark} | {one.kind} | {one.text} | {one.field} | {one.right} | {said} |")
    return "\n".join(lines) + "\n"


def _said(field: str, reading: Reading) -> str:
    if field == "abuse":
        return "yes" if reading.abuse.abusive else "no"
    guess = reading.urgency if field == "urgency" else reading.intent
    return guess.value or "none"
