"""Model fields whose content is encrypted at rest."""

from typing import TYPE_CHECKING, Any

from django.db import models

from balai.ground.secrets import reveal, seal

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField  # Django's fields take no type arguments at run time


class SealedText(_Text):
    """Text that the database only ever sees encrypted. It cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return reveal(value) if value else value
