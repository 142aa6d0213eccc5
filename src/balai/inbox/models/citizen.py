from django.db import models

from balai.ground.fields import SealedText


class Citizen(models.Model):
    """A person who wrote to the institution, under a pseudonym per channel.

    `key` is an HMAC of the network's user id under the institution's own key; `identity` holds what
    an answer needs (name, handle, address) as sealed JSON, and is emptied when the person asks.
    """

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="citizens"
    )
    channel = models.SlugField(db_index=False)  # the unique key below serves it
    key = models.CharField(max_length=32)
    identity = SealedText(default="")
    first_seen_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_citizen_has_one_key_per_channel", fields=["institution", "channel", "key"]
            )
        ]

    def __str__(self) -> str:
        return f"citizen {self.key[:8]}"
