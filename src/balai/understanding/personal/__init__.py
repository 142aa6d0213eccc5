"""Personal data in text: where it stands, what kind it is, and how to cover it.

Words: span, kind, candidate, mask. Stands on: shapes. One scan over the whole batch finds which
texts hold a candidate; only those are looked at closely, and only what a rule confirms is told.
"""
