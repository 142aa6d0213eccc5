import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficialAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.SlugField(verbose_name="channel")),
                (
                    "platform_user_id",
                    models.CharField(
                        blank=True,
                        help_text="Never changes on the platform.",
                        max_length=200,
                        verbose_name="platform's user id",
                    ),
                ),
                ("handle", models.CharField(max_length=200, verbose_name="handle")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="address")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("institution", "Institution"),
                            ("office_holder", "Office holder"),
                            ("personal_declared", "Declared personal account"),
                        ],
                        default="institution",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("approved", "Approved"),
                            ("registered", "Registered"),
                            ("verified", "Verified"),
                            ("active", "Active"),
                            ("dormant", "Dormant"),
                            ("handover", "In hand-over"),
                            ("retired", "Retired"),
                            ("compromised", "Compromised"),
                            ("contained", "Contained"),
                            ("restored", "Restored"),
                        ],
                        default="requested",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        help_text="How control was shown.",
                        max_length=300,
                        verbose_name="proof of control",
                    ),
                ),
                (
                    "policy_url",
                    models.URLField(blank=True, max_length=500, verbose_name="house rules at"),
                ),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                ("requested_at", models.DateTimeField()),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "first_contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_accounts",
                        to="people.institution",
                    ),
                ),
                (
                    "owner_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_accounts",
                        to="people.unit",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "second_contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandleSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handle", models.CharField(max_length=200)),
                ("seen_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handles",
                        to="registry.officialaccount",
                    ),
                ),
            ],
            options={
                "ordering": ["seen_at"],
            },
        ),
        migrations.AddIndex(
            model_name="officialaccount",
            index=models.Index(fields=["channel", "handle"], name="account_of_handle"),
        ),
        migrations.AddConstraint(
            model_name="officialaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("platform_user_id", ""), _negated=True),
                fields=("channel", "platform_user_id"),
                name="a_platform_user_is_registered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_contact", models.F("second_contact")), _negated=True),
                name="an_account_has_two_different_contacts",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["requested", "approved", "registered"]),
                    models.Q(("platform_user_id", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_verified_account_has_an_immutable_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("requested_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_approves_their_own_account",
            ),
        ),
    ]
