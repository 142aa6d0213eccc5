"""Translate HTTP to one call and back."""
