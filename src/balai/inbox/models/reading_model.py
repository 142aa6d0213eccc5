from django.db import models
from django.db.models import Q


class ReadingModel(models.Model):
    """A trained model that an institution's messages are read with, from when until when.

    A row ends when another model is chosen, and lives again when that one is taken back.
    """

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, related_name="reading_models"
    )
    folder = models.CharField(
        max_length=200,
        blank=True,
        help_text="Its packs, below the home's files; empty for the model that Balai brings.",
    )
    version = models.CharField(max_length=60)
    figures = models.JSONField(default=list, help_text="How it did against the one before.")
    chosen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    taken_back = models.BooleanField(default=False, help_text="Ended by a roll-back.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_institution_reads_with_one_model",
                fields=["institution"],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.version
