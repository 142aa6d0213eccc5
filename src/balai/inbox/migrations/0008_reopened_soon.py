from django.db import migrations, models


class Migration(migrations.Migration):
    """What was reopened before this column came counts as not soon: nobody kept when."""

    dependencies = [
        ("inbox", "0007_labels_and_views"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="reopened_soon",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Of these, within seven days of the ending."
            ),
        ),
    ]
