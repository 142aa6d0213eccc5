import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("institution_id", models.BigIntegerField(unique=True)),
                ("number", models.BigIntegerField(default=0)),
                ("hash", models.CharField(default="", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("institution_id", models.BigIntegerField(help_text="0: the installation itself.")),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.CharField(help_text="member:<id>, operator or system", max_length=40),
                ),
                ("acting_for", models.CharField(blank=True, max_length=40)),
                ("did", models.CharField(max_length=60)),
                ("object_kind", models.CharField(max_length=60)),
                ("object_id", models.CharField(max_length=60)),
                ("reason", models.TextField(blank=True)),
                ("facts", models.JSONField(default=dict)),
                ("prev_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["object_kind", "object_id", "number"], name="audit_of_object"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution_id", "number"), name="a_chain_has_one_entry_per_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="date")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("public", "Public holiday"),
                            ("collective_leave", "Collective leave"),
                            ("local", "Local holiday"),
                            ("working_after_all", "Working day after all"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("decree", models.CharField(max_length=200, verbose_name="decree (number, date)")),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holidays",
                        to="people.institution",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("institution", "on"),
                        name="a_day_has_one_decree_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LocalTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("clock", models.CharField(max_length=60)),
                (
                    "limit",
                    models.PositiveIntegerField(help_text="In the unit of the pack's clock."),
                ),
                ("decree", models.CharField(blank=True, max_length=200)),
                ("since_on", models.DateField()),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="local_targets",
                        to="people.institution",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "clock", "since_on"),
                        name="one_local_target_per_clock_and_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        help_text="0 is Monday", verbose_name="weekday"
                    ),
                ),
                ("opens", models.TimeField(verbose_name="opens")),
                ("closes", models.TimeField(verbose_name="closes")),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "decree",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="decree (number, date)"
                    ),
                ),
                (
                    "entered_at",
                    models.DateTimeField(help_text="Windows that were decided together share it."),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_windows",
                        to="people.institution",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes__gt", models.F("opens"))),
                        name="a_service_window_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__gte", 0), ("weekday__lte", 6)),
                        name="a_weekday_is_0_to_6",
                    ),
                ],
            },
        ),
    ]
