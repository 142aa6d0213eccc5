"""What Django's tables do not say: the search index, the key table's shape, the months' partitions.

Both ways start from empty tables, as 0001 has just made them.
"""

from typing import Any

from django.db import migrations

SQLITE = (
    # One B-tree instead of two: the key is the table.
    "DROP TABLE inbox_messagekey",
    "CREATE TABLE inbox_messagekey ("
    " connection_id bigint NOT NULL,"
    " remote_id varchar(500) NOT NULL,"
    " message_id bigint NOT NULL,"
    " PRIMARY KEY (connection_id, remote_id)"
    ") WITHOUT ROWID",
    "CREATE VIRTUAL TABLE inbox_message_text USING fts5("
    " text, content='inbox_message', content_rowid='id',"
    " tokenize='unicode61 remove_diacritics 2')",
)
SQLITE_BACK = ("DROP TABLE inbox_message_text",)

POSTGRES = (
    "ALTER TABLE inbox_message RENAME TO inbox_message_plain",
    "CREATE TABLE inbox_message (LIKE inbox_message_plain INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
    " PARTITION BY RANGE (id)",
    "DROP TABLE inbox_message_plain",
    "ALTER TABLE inbox_message ADD CONSTRAINT inbox_message_pkey PRIMARY KEY (id)",
    "CREATE INDEX message_thread ON inbox_message (conversation_id, id)",
    "CREATE INDEX message_words ON inbox_message"
    " USING gin (to_tsvector('indonesian', translate(text, '-./@:_+#&=?~', '            ')))"
    " WHERE NOT is_hidden",
    # What no month has room for yet; inbox.landing.postgres moves it when it makes the month.
    "CREATE TABLE inbox_message_other PARTITION OF inbox_message DEFAULT",
    "CREATE SEQUENCE inbox_message_number AS bigint MINVALUE -9223372036854775807",
    # Ids rise over all landers: the later of the database's clock and the last id given.
    """
    CREATE FUNCTION inbox_message_ids(how_many bigint) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        first bigint;
    BEGIN
        PERFORM pg_advisory_lock(8302701);
        SELECT greatest(
            last_value + 1,
            (floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1767225600000) << 20
        ) INTO first FROM inbox_message_number;
        PERFORM setval('inbox_message_number', first + how_many - 1);
        PERFORM pg_advisory_unlock(8302701);
        RETURN first;
    END
    $$
    """,
)
POSTGRES_BACK = (
    "DROP FUNCTION inbox_message_ids(bigint)",
    "DROP SEQUENCE inbox_message_number",
)


def forward(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)
    if schema_editor.connection.vendor == "postgresql":
        from balai.ground.clock import now
        from balai.inbox.landing.postgres import MONTHS_AHEAD, make_months

        make_months(now(), now(), ahead=MONTHS_AHEAD)


def back(apps: Any, schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    for statement in POSTGRES_BACK if vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial")]

    operations = [migrations.RunPython(forward, back)]
