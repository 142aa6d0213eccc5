"""Key rotation over everything that is kept sealed: the fields of the house, and second factors."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from balai.ground.fields import SealedText
from balai.ground.secrets import PREFIX, CannotReveal, rewrap

BATCH = 500


@dataclass
class Rotated:
    """What was wrapped anew, by table and column, and what no key opens."""

    done: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def rewrap_everything() -> Rotated:
    """Wrap the keys of all sealed values anew. What changes meanwhile is sealed newly anyway."""
    rotated = Rotated()
    for model in apps.get_models():
        for column in model._meta.get_fields():
            if isinstance(column, SealedText):
                label = f"{model._meta.label}.{column.name}"
                raw = Cast(column.name, models.TextField())
                rows = model._default_manager.annotate(raw=raw).exclude(Q(raw="") | Q(raw=None))
                _rewrap(rows, label, column.name, _sealed_text, rotated)
    factors = Authenticator.objects.annotate(raw=models.F("data"))
    _rewrap(factors, "mfa.Authenticator.data", "data", _within, rotated)
    return rotated


def _rewrap(
    rows: models.QuerySet[Any],
    label: str,
    column: str,
    anew: Callable[[Any], Any],
    rotated: Rotated,
) -> None:
    """Read and write the raw column: the values themselves are never decrypted."""
    rotated.done[label] = 0
    for batch in _batches(rows):
        with transaction.atomic():
            for pk, raw in batch:
                try:
                    value = anew(raw)
                except CannotReveal:
                    rotated.lost.append(f"{label} of row {pk}")
                    continue
                # Only while it is what we read: somebody may have sealed another value since.
                rotated.done[label] += rows.filter(pk=pk, raw=raw).update(**{column: value})


def _batches(rows: models.QuerySet[Any]) -> Iterable[list[tuple[Any, Any]]]:
    last = None
    while True:
        rest = rows if last is None else rows.filter(pk__gt=last)
        batch = list(rest.order_by("pk").values_list("pk", "raw")[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1][0]


def _sealed_text(raw: str) -> models.Value:
    return models.Value(rewrap(raw), output_field=models.TextField())


def _within(data: Any) -> Any:
    """allauth keeps sealed words inside of JSON: secrets, seeds, lists of codes."""
    if isinstance(data, dict):
        return {name: _within(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_within(value) for value in data]
    return rewrap(data) if isinstance(data, str) and data.startswith(PREFIX) else data
