from django.db import models
from django.utils.translation import gettext_lazy as _


class AwayNote(models.Model):
    """What citizens are told, in one language, when they write outside the hours of service."""

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="away_notes")
    language = models.CharField(_("language"), max_length=3)
    text = models.TextField(_("text"), max_length=600)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_away_note_is_worded_once_in_a_language",
                fields=["institution", "language"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.language} of institution {self.institution_id}"


class DeskSetting(models.Model):
    """What an institution decided about how its desk works by itself."""

    institution = models.OneToOneField(
        "people.Institution", models.CASCADE, related_name="desk_setting"
    )
    sends_away_notes = models.BooleanField(default=False)
    gives_out = models.BooleanField(
        default=False, help_text="Whether the sweep gives out work, not only the button."
    )

    def __str__(self) -> str:
        return f"desk of institution {self.institution_id}"
