"""What the office says in public and where it falls short: news, corrections, the STOC index."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from balai.people.models import Institution
from balai.publishing.models import Correction, Variant
from balai.publishing.selectors import corrections_in_public, public_posts
from balai.readiness.selectors import Reckoned, latest

FEW = 3
LETTERS = {
    "S": _("Sharing"),
    "T": _("Transparency"),
    "O": _("Openness"),
    "C": _("Collaboration"),
}


class Letter(NamedTuple):
    """One letter of the index; `value` is None while too much behind it is not known."""

    code: str
    name: str | Promise
    value: float | None
    present: int  # per cent of its weight that has a figure behind it


@dataclass(frozen=True)
class Stoc:
    """The index as it was last reckoned, the letter that falls shortest first."""

    on: date
    value: Decimal | None
    letters: list[Letter]
    formula: int


@dataclass(frozen=True)
class Told:
    """The newest of what the office said, and what it put right."""

    news: list[Variant]
    corrections: list[Correction]


def told_by(institution: Institution) -> Told:
    """The newest posts on our own pages, and the newest corrections that are done."""
    done = corrections_in_public(institution).filter(corrected_at__isnull=False)
    return Told(list(public_posts(institution)[:FEW]), list(done[:FEW]))


def stoc_of(institution: Institution) -> Stoc | None:
    """The last reckoning of the index; None when there is none yet."""
    found = latest(institution)
    if found is None:
        return None
    letters = letters_of(found)
    letters.sort(key=lambda one: (one.value is not None, one.value or 0))
    return Stoc(found.row.on, found.row.value, letters, found.row.formula)


def letters_of(found: Reckoned) -> list[Letter]:
    """The four letters of a reckoning, in their order."""
    return [
        Letter(
            one.letter,
            LETTERS[one.letter],
            round(float(one.value), 1) if one.is_told and one.value is not None else None,
            round(100 * one.present),
        )
        for one in found.index.pillars
    ]
