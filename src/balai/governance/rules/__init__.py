"""Arithmetic of the law and of the ledger: no database, no Django."""
