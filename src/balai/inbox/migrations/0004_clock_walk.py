"""How far the walk over open clocks came, after the calendar or a target changed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_stuck")]

    operations = [
        migrations.CreateModel(
            name="ClockWalk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("conversation_id", models.BigIntegerField()),
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.institution",
                    ),
                ),
            ],
        ),
    ]
