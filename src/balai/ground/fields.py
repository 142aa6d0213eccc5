"""Model fields whose content is encrypted at rest."""

from typing import Any

from django.db import models

from balai.ground.secrets import reveal, seal


class SealedText(models.TextField):
    """Text that the database only ever sees encrypted. It cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return reveal(value) if value else value
