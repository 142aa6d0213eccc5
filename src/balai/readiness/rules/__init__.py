"""The arithmetic of the index and of readiness: exact fractions, no database, no Django."""
