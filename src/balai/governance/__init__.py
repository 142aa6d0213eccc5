"""Governance: the audit log, the calendar of working days, and rule packs (law as dated data).

Words: audit entry, chain, signed head, holiday, service window, rule pack. Stands on: people.
The audit log has no foreign key and no edit. No figure that comes from law is written in code.
"""
