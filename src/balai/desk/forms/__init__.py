"""Check what comes in about the desk. Nothing is saved here."""
