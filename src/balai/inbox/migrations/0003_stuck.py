"""Answers that only a person can settle; machines' talk leaves the counters of what waits."""

from typing import Any

from django.db import migrations, models


def count_machines_talk_apart(apps: Any, schema_editor: Any) -> None:
    conversations = apps.get_model("inbox", "Conversation")
    counters = apps.get_model("inbox", "QueueCount")
    machines = conversations.objects.filter(state="new", is_open=False).order_by()
    for institution, n in machines.values_list("institution").annotate(models.Count("pk")):
        counters.objects.filter(institution_id=institution, state="new").update(n=models.F("n") - n)
        counters.objects.create(institution_id=institution, state="automatic", n=n)


def count_it_as_new(apps: Any, schema_editor: Any) -> None:
    counters = apps.get_model("inbox", "QueueCount")
    for one in counters.objects.filter(state="automatic"):
        counters.objects.filter(institution_id=one.institution_id, state="new").update(
            n=models.F("n") + one.n
        )
        one.delete()


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_landing")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="stuck_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Since when only a person can say whether our answer arrived.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("stuck_at__isnull", False)),
                fields=["institution", "stuck_at"],
                name="queue_stuck",
            ),
        ),
        migrations.RunPython(count_machines_talk_apart, count_it_as_new),
    ]
