"""The audit log refuses UPDATE and DELETE in the database itself.

Whoever owns the database can take the guard away; then the chain still shows what was done.
"""

from django.db import migrations

WORDS = "the audit log is append-only"

GUARD = {
    "sqlite": [
        f"""
        CREATE TRIGGER audit_is_append_only_{verb.lower()} BEFORE {verb} ON governance_auditentry
        BEGIN SELECT RAISE(ABORT, '{WORDS}'); END
        """
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""
        CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$
        """,
        """
        CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
        ON governance_auditentry FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
        """,
    ],
}
UNGUARD = {
    "sqlite": [
        "DROP TRIGGER audit_is_append_only_update",
        "DROP TRIGGER audit_is_append_only_delete",
    ],
    "postgresql": [
        "DROP TRIGGER audit_is_append_only ON governance_auditentry",
        "DROP FUNCTION audit_is_append_only()",
    ],
}


def guard(apps, editor):
    for statement in GUARD[editor.connection.vendor]:
        editor.execute(statement)


def unguard(apps, editor):
    for statement in UNGUARD[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
