"""Balai ("public hall"): a government office listens, serves, publishes and accounts for itself."""

__version__ = "0.1.0"
