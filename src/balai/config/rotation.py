"""Key rotation over every sealed field of the house."""

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from balai.ground.fields import SealedText
from balai.ground.secrets import rewrap

BATCH = 500


def rewrap_everything() -> dict[str, int]:
    """Wrap the keys of all sealed values anew; returns how many by table and column."""
    done: dict[str, int] = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, SealedText):
                done[f"{model._meta.label}.{field.name}"] = _rewrap_column(model, field)
    return done


def _rewrap_column(model: type[models.Model], field: SealedText) -> int:
    """Read and write the raw column: the values themselves are never decrypted."""
    raw = Cast(field.name, models.TextField())
    rows = model._default_manager.annotate(raw=raw).exclude(raw="").values_list("pk", "raw")
    count = 0
    for pk, sealed in rows.order_by("pk").iterator(BATCH):
        wrapped = models.Value(rewrap(sealed), output_field=models.TextField())
        count += model._default_manager.filter(pk=pk).update(**{field.name: wrapped})
    return count
