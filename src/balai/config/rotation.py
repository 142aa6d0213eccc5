"""Key rotation over every sealed field of the house."""

from django.apps import apps
from django.db import connection, models

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
    raw = models.functions.Cast(field.name, models.TextField())
    rows = (
        model._default_manager.annotate(raw_value=raw)
        .exclude(**{field.name: ""})
        .order_by("pk")
        .values_list("pk", "raw_value")
    )
    count = 0
    quote = connection.ops.quote_name
    statement = (
        f"UPDATE {quote(model._meta.db_table)} SET {quote(field.column)} = %s "  # noqa: S608 - names of our own tables
        f"WHERE {quote(model._meta.pk.column)} = %s"
    )
    with connection.cursor() as cursor:
        for pk, sealed in rows.iterator(BATCH):
            cursor.execute(statement, [rewrap(sealed), pk])
            count += 1
    return count
