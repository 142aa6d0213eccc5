"""Which model reads an institution's messages: chosen, and taken back. Both are recorded."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import ReadingModel
from balai.people.models import Institution
from balai.people.selectors import Actor
from balai.people.services import allow


class NothingToTakeBack(Exception):
    """The institution reads with the model that Balai brings; there is none before it."""


@transaction.atomic
def choose_model(
    institution: Institution, *, folder: str, version: str, figures: list[dict[str, Any]], by: Actor
) -> ReadingModel:
    """From now on read with the packs in `folder`, named from the models' folder.

    `figures` tell how it did against the one before; they are recorded in percent.
    """
    allow(by, "institution.edit", institution)
    _end(institution)
    chosen = ReadingModel.objects.create(
        institution=institution, folder=folder, version=version, figures=figures, chosen_at=now()
    )
    record(
        by=by, did="reading_model.chosen", on=institution, version=version, folder=folder,
        figures=_plain(figures),
    )  # fmt: skip
    return chosen


@transaction.atomic
def keep_model(institution: Institution, *, figures: list[dict[str, Any]], by: Actor) -> None:
    """Record that training gave nothing better; the model stays."""
    allow(by, "institution.edit", institution)
    record(by=by, did="reading_model.kept", on=institution, figures=_plain(figures))


@transaction.atomic
def take_back_model(institution: Institution, *, by: Actor, reason: str) -> ReadingModel | None:
    """Read again with the model before; None means the one that Balai brings.

    Raises NothingToTakeBack.
    """
    allow(by, "institution.edit", institution)
    now_used = _end(institution, taken_back=True)
    if now_used is None:
        raise NothingToTakeBack(_("This institution reads with the model that Balai brings."))
    before = (
        ReadingModel.objects.filter(institution=institution, taken_back=False)
        .exclude(pk=now_used.pk)
        .order_by("-pk")
        .first()
    )
    if before is not None:
        before.ended_at = None
        before.save(update_fields=["ended_at"])
    record(
        by=by, did="reading_model.taken_back", on=institution, reason=reason,
        version=now_used.version, again=before.version if before else "",
    )  # fmt: skip
    return before


def _end(institution: Institution, *, taken_back: bool = False) -> ReadingModel | None:
    Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)
    used = ReadingModel.objects.filter(institution=institution, ended_at__isnull=True).first()
    if used is not None:
        used.ended_at, used.taken_back = now(), taken_back
        used.save(update_fields=["ended_at", "taken_back"])
    return used


def _plain(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures as the ledger keeps them: a fraction is kept as text."""
    return [
        {name: f"{one:.4f}" if isinstance(one, float) else one for name, one in row.items()}
        for row in figures
    ]
