"""Columns that a hot table needs in a shape of their own."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _BigInteger = models.BigIntegerField[int, int]
else:
    _BigInteger = models.BigIntegerField


class RisingId(_BigInteger):
    """A primary key that the landing gives out (ground.clock).

    SQLite keeps a table in the order of an `integer` key, and of no other: with `bigint` every
    message would stand in two trees, and the search index would point through the second.
    """

    def db_type(self, connection: Any) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)

    def rel_db_type(self, connection: Any) -> str | None:
        return self.db_type(connection)


class EncodedJson(models.JSONField):
    """JSON that an encoder wrote. SQLite does not parse each value again to check it."""

    def db_check(self, connection: Any) -> str | None:
        return None if connection.vendor == "sqlite" else super().db_check(connection)
