"""A reckoning is written once: the database itself refuses to change one.

Whoever owns the database can take the guard away; then the ledger still shows what was reckoned.
"""

from django.db import migrations

WORDS = "a reckoning is written once"
TABLES = ("readiness_reckoning", "readiness_reckonedmeasure")


def guard(apps, editor):
    if editor.connection.vendor == "sqlite":
        for table in TABLES:
            editor.execute(
                f"CREATE TRIGGER {table}_is_written_once BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    editor.execute(
        "CREATE FUNCTION reckoning_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in TABLES:
        editor.execute(
            f"CREATE TRIGGER {table}_is_written_once BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION reckoning_is_written_once()"
        )


def unguard(apps, editor):
    on = "" if editor.connection.vendor == "sqlite" else " ON {table}"
    for table in TABLES:
        editor.execute(f"DROP TRIGGER {table}_is_written_once" + on.format(table=table))
    if editor.connection.vendor != "sqlite":
        editor.execute("DROP FUNCTION reckoning_is_written_once()")


class Migration(migrations.Migration):
    dependencies = [("readiness", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
